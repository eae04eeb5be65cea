// SPDX-License-Identifier: Apache-2.0
#include "sweep/host/config/open_door.h"

namespace abate::sweep {
namespace {

void look(const Host& host, Findings& out) {
  std::vector<std::string> paths = glob(*host.tree, "/etc/exports.d/*.exports");
  paths.insert(paths.begin(), "/etc/exports");
  for (const std::string& path : paths)
    for (const ConfigLine& line : config_lines(*host.tree, path, "#", true)) {
      const auto words = words_of(line.text);
      for (std::size_t at = 1; at < words.size(); ++at) {
        const std::string client = words[at].substr(0, words[at].find('('));
        if (!client.empty() && !is_everybody(client)) continue;
        const bool writes = words[at].find("rw") != std::string::npos;
        const bool root = words[at].find("no_root_squash") != std::string::npos;
        report_door(host, out,
                    {.unit = "nfs-server.service", .programs = "/usr/sbin/rpc.nfsd /usr/sbin/nfsd", .port = 2049}, line,
                    fmt::format("{} is offered to every computer{}{}", words[0], writes ? ", for writing" : "",
                                root ? ", with root's rights" : ""));
        break;
      }
    }
}

constexpr Example kExamples[] = {
    {"everybody may write as root",
     R"x(--- /usr/sbin/rpc.nfsd mode=0755
x
--- /etc/exports
/srv/data *(rw,no_root_squash)
)x",
     1},
    {"one network",
     R"x(--- /usr/sbin/rpc.nfsd mode=0755
x
--- /etc/exports
# /srv *(ro)
/srv/data 10.0.0.0/24(rw,sync)
)x",
     0},
};
}  // namespace
extern const Detector exposed_nfs_detector;
constinit const Detector exposed_nfs_detector{
    .id = "exposed_nfs",
    .area = Area::mail_network,
    .severity = Severity::weak,
    .title = "A folder is exported to everybody",
    .explain =
        R"(An NFS export without a client's name, or with *, can be mounted by every computer that reaches the server; with
rw it can be changed, with no_root_squash as root. False alarms: a closed network; a firewall elsewhere.

What to do: name the clients' addresses in /etc/exports, leave out no_root_squash, then "exportfs -ra".)",
    .host = look,
    .examples = kExamples,
};
}  // namespace abate::sweep
