// SPDX-License-Identifier: Apache-2.0
#include "sweep/host/code/process_words.h"
#include "sweep/kit/detector.h"

namespace abate::sweep {
namespace {

void look(const Host& host, Findings& out) {
  for (const Socket& socket : host.sockets) {
    if (!socket.hidden) continue;
    const bool listens = socket.state == "listen";
    Subject subject{.kind = SubjectKind::port};
    subject.port = socket.local_port;
    subject.address = listens ? socket.local.to_string() : socket.remote.to_string();
    subject.protocol = socket.protocol;
    Finding& finding =
        out.add(std::move(subject),
                listens ? fmt::format("Something listens at port {} ({}), and the list of sockets leaves it out",
                                      socket.local_port, socket.protocol)
                        : fmt::format("A connection to {} port {} is left out of the list of sockets",
                                      socket.remote.to_string(), socket.remote_port));
    finding.evidence.push_back(fmt::format("{} {}:{} to {}:{}, {}, account {}, inode {}", socket.protocol,
                                           socket.local.to_string(), socket.local_port, socket.remote.to_string(),
                                           socket.remote_port, socket.state, socket.uid, socket.inode));
    if (const Process* process = process_of(host, socket.pid)) fill_process(host, *process, "rootkit", finding);
    if (!listens) finding.addresses.push_back(socket.remote.to_string());
    finding.uid = socket.uid;
    finding.role = "rootkit";
  }
}

constexpr Example kExamples[] = {{"the kernel names a listener that /proc does not", R"TREE(--- /proc/1/status
Name:	systemd
Uid:	0	0
Gid:	0	0
--- /proc/1/exe -> /usr/lib/systemd/systemd
--- /proc/1/net/tcp
  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 00000000:0016 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 801 1
--- /netlink
tcp listen 0.0.0.0 22 801
tcp listen 0.0.0.0 31337 802
)TREE",
                                  1},
                                 {"both say the same", R"TREE(--- /proc/1/status
Name:	systemd
Uid:	0	0
Gid:	0	0
--- /proc/1/exe -> /usr/lib/systemd/systemd
--- /proc/1/net/tcp
  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 00000000:0016 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 801 1
--- /netlink
tcp listen 0.0.0.0 22 801
)TREE",
                                  0}};

}  // namespace

extern const Detector hidden_socket_detector;
constinit const Detector hidden_socket_detector{
    .id = "hidden_socket",
    .area = Area::processes,
    .severity = Severity::malicious,
    .title = "A listening port or connection is hidden",
    .explain =
        R"TEXT(The kernel tells its sockets in two ways: as text in /proc/net, and by netlink to programs that ask. Both were asked several times, and one of them always leaves this socket out. A rootkit in the kernel changes the one that its maker knew.
What to do: nothing that this server says about itself can be believed any more. Save what you need, read its disk on another machine (--root), and set it up anew.)TEXT",
    .host = look,
    .examples = kExamples};

}  // namespace abate::sweep
