// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "base/text.h"
#include "sweep/host/config/config_text.h"
#include "sweep/kit/detector.h"

namespace abate::sweep {
namespace {

// Services that ask nobody who they are unless they are told to.
struct Service {
  std::uint16_t port;
  std::string_view image;     // a part of its name
  std::string_view password;  // said in the command, or the variable that sets one; "" : there is none
  std::string_view says;
};
constexpr Service kServices[] = {
    {6379, "redis", "--requirepass", "Redis obeys anybody"},
    {6379, "valkey", "--requirepass", "Valkey obeys anybody"},
    {27017, "mongo", "MONGO_INITDB_ROOT_USERNAME", "MongoDB gives its data to anybody"},
    {9200, "elasticsearch", "ELASTIC_PASSWORD", "Elasticsearch gives its data to anybody"},
    {11211, "memcached", "", "memcached answers anybody, and floods others for them"},
    {2375, "docker", "", "whoever reaches Docker's port is root"},
    {5984, "couchdb", "COUCHDB_PASSWORD", "CouchDB obeys anybody"},
    {3128, "squid", "", "a proxy that may carry strangers' traffic"},
    {1080, "socks", "PROXY_PASSWORD", "a proxy that may carry strangers' traffic"},
};

bool names_password(const Container& container, std::string_view password) {
  if (password.empty()) return false;
  return container.command.find(password) != std::string::npos ||
         std::ranges::any_of(container.variables,
                             [&](const std::string& variable) { return variable.starts_with(password); });
}

void look(const Host& host, Findings& out) {
  for (const Container& container : host.containers)
    for (const Container::Port& port : container.ports) {
      if (!port.address.empty() && !faces_the_world(port.address)) continue;
      const auto service = std::ranges::find_if(kServices, [&](const Service& one) {
        return one.port == port.inside && !one.says.empty() && contains_ignoring_case(container.image, one.image);
      });
      if (service == std::end(kServices) || port.port == 0 || names_password(container, service->password)) continue;
      if (!container.running && container.restart.empty()) continue;
      Subject subject{.kind = SubjectKind::container, .path = container.path, .name = container.name};
      subject.port = port.port;  // published ports pass by the server's own firewall rules
      subject.protocol = port.protocol;
      Finding& finding = out.add(std::move(subject),
                                 fmt::format("{}: the container {} is published to the Internet without a password",
                                             service->says, shown_name(container.name)));
      finding.evidence.push_back(fmt::format("{}: image {}, its port {} is published as {}:{}", container.path,
                                             container.image, port.inside,
                                             port.address.empty() ? "0.0.0.0" : port.address, port.port));
      finding.role = "exposed_service";
    }
}

constexpr Example kExamples[] = {
    {"Redis for everybody",
     R"x(--- /var/lib/docker/containers/ab12/config.v2.json
{"ID":"ab12","Name":"/cache","Path":"docker-entrypoint.sh","Args":["redis-server"],"Config":{"Image":"redis:7"},"State":{"Running":true}}
--- /var/lib/docker/containers/ab12/hostconfig.json
{"PortBindings":{"6379/tcp":[{"HostIp":"","HostPort":"6379"}]}}
)x",
     1},
    {"with a password",
     R"x(--- /var/lib/docker/containers/ab12/config.v2.json
{"ID":"ab12","Name":"/cache","Path":"docker-entrypoint.sh","Args":["redis-server","--requirepass","s"],"Config":{"Image":"redis:7"},"State":{"Running":true}}
--- /var/lib/docker/containers/ab12/hostconfig.json
{"PortBindings":{"6379/tcp":[{"HostIp":"","HostPort":"6379"}]}}
)x",
     0},
    {"for this server alone",
     R"x(--- /var/lib/docker/containers/ab12/config.v2.json
{"ID":"ab12","Name":"/db","Path":"mongod","Config":{"Image":"mongo:6"},"State":{"Running":true}}
--- /var/lib/docker/containers/ab12/hostconfig.json
{"PortBindings":{"27017/tcp":[{"HostIp":"127.0.0.1","HostPort":"27017"}]}}
)x",
     0},
};

}  // namespace

extern const Detector exposed_container_detector;
constinit const Detector exposed_container_detector{
    .id = "exposed_container",
    .area = Area::mail_network,
    .severity = Severity::weak,
    .title = "A container's service is open to strangers",
    .explain =
        R"(A port that Docker or Podman publishes without an address is open to the whole Internet, and Docker's own rules
stand before ufw's and firewalld's: a firewall on this server that seems to close it does not. This service asks
for no password unless it is told to, and this one was not told.
False alarms: a firewall before the server; a password in a file that is mounted into the container.
What to do: publish it as 127.0.0.1:PORT, or not at all (containers of one network reach each other without it), and set
a password. Then look for what strangers may have left behind.)",
    .host = look,
    .examples = kExamples};

}  // namespace abate::sweep
