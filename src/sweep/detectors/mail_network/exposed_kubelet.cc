// SPDX-License-Identifier: Apache-2.0
#include "sweep/host/config/open_door.h"

namespace abate::sweep {
namespace {

void look(const Host& host, Findings& out) {
  for (const std::string_view path : {"/var/lib/kubelet/config.yaml", "/etc/kubernetes/kubelet.conf.yaml",
                                      "/var/lib/rancher/k3s/agent/etc/kubelet.yaml"}) {
    const auto settings = yaml_settings(*host.tree, path);
    const Setting* anonymous = last_of(settings, "authentication.anonymous.enabled");
    const Setting* read_only = last_of(settings, "readonlyport");
    const DoorService service{
        .unit = "kubelet.service", .programs = "/usr/bin/kubelet /usr/local/bin/k3s", .port = 10250};
    if (anonymous != nullptr && is_yes(anonymous->value) &&
        value_of(settings, "authorization.mode", "AlwaysAllow") == "AlwaysAllow")
      report_door(host, out, service, anonymous->at, "anybody may run commands in this node's containers");
    else if (read_only != nullptr && read_only->value != "0")
      report_door(host, out, service, read_only->at, "the kubelet tells strangers about all containers").severity =
          Severity::note;
  }
}

constexpr Example kExamples[] = {
    {"anonymous",
     R"x(--- /usr/bin/kubelet mode=0755
x
--- /var/lib/kubelet/config.yaml
authentication:
  anonymous:
    enabled: true
authorization:
  mode: AlwaysAllow
)x",
     1},
    {"as kubeadm makes it",
     R"x(--- /usr/bin/kubelet mode=0755
x
--- /var/lib/kubelet/config.yaml
authentication:
  anonymous:
    enabled: false
authorization:
  mode: Webhook
)x",
     0},
};
}  // namespace
extern const Detector exposed_kubelet_detector;
constinit const Detector exposed_kubelet_detector{
    .id = "exposed_kubelet",
    .area = Area::mail_network,
    .severity = Severity::weak,
    .title = "The kubelet takes strangers' commands",
    .explain =
        R"(The kubelet runs a node's containers. With anonymous access and authorization AlwaysAllow, whoever reaches port
10250 can run commands in them. False alarms: a firewall elsewhere. What to do:
authentication.anonymous.enabled: false, authorization.mode: Webhook.)",
    .host = look,
    .examples = kExamples,
};
}  // namespace abate::sweep
