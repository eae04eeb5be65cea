// SPDX-License-Identifier: Apache-2.0
#include "sweep/host/config/open_door.h"

namespace abate::sweep {
namespace {

void look(const Host& host, Findings& out) {
  for (const std::string_view path : {"/etc/elasticsearch/elasticsearch.yml", "/etc/opensearch/opensearch.yml"}) {
    const auto settings = yaml_settings(*host.tree, path);
    const Setting* bind = last_of(settings, "http.host");
    if (bind == nullptr) bind = last_of(settings, "network.bind_host");
    if (bind == nullptr) bind = last_of(settings, "network.host");
    if (bind == nullptr) bind = last_of(settings, "network.host.0");
    if (bind == nullptr || (!faces_the_world(bind->value) && bind->value != "_global_")) continue;
    const Setting* security = last_of(settings, "xpack.security.enabled");
    const bool open_search = path.find("opensearch") != std::string_view::npos;
    const bool asks = open_search           ? !is_yes(value_of(settings, "plugins.security.disabled", "false"))
                      : security != nullptr ? is_yes(security->value)
                                            : host.packages->version("elasticsearch") >= "8";
    if (asks) continue;
    report_door(host, out,
                {.unit = open_search ? "opensearch.service" : "elasticsearch.service",
                 .programs = "/usr/share/elasticsearch/bin/elasticsearch /usr/share/opensearch/bin/opensearch",
                 .port = port_of(value_of(settings, "http.port", "9200"), 9200)},
                bind->at, "the search index can be read and changed by anybody on the Internet");
  }
}

constexpr Example kExamples[] = {
    {"no security",
     R"x(--- /usr/share/elasticsearch/bin/elasticsearch mode=0755
x
--- /etc/elasticsearch/elasticsearch.yml
network.host: 0.0.0.0
xpack.security.enabled: false
)x",
     1},
    {"security on",
     R"x(--- /usr/share/elasticsearch/bin/elasticsearch mode=0755
x
--- /etc/elasticsearch/elasticsearch.yml
network.host: 0.0.0.0
xpack.security.enabled: true
)x",
     0},
};
}  // namespace
extern const Detector exposed_elasticsearch_detector;
constinit const Detector exposed_elasticsearch_detector{
    .id = "exposed_elasticsearch",
    .area = Area::mail_network,
    .severity = Severity::weak,
    .title = "Elasticsearch or OpenSearch open to strangers",
    .explain =
        R"(Elasticsearch or OpenSearch listens on a public address with its security switched off: anybody can read, change
and delete all indices. False alarms: a firewall elsewhere. What to do: network.host: 127.0.0.1, or switch
security on with passwords.)",
    .host = look,
    .examples = kExamples,
};
}  // namespace abate::sweep
