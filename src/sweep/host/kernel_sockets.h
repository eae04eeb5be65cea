// SPDX-License-Identifier: Apache-2.0
// sweep/host/kernel_sockets.h — the sockets of the running server as the kernel tells them by netlink
// (NETLINK_SOCK_DIAG), held against /proc/net. What hides a connection changes the text of /proc/net/tcp; the two are
// told by different code, so what one leaves out the other still shows.
//
//   find_hidden_sockets(tree, running, notes);   // the machine's own root only, and before Landlock holds
//
// Asks for TCP and UDP that listen or are connected, in our own network namespace. A netlink socket asks the kernel
// and nobody else; it opens no connection.
#pragma once

#include <functional>
#include <vector>

#include "sweep/host/open_host.h"

namespace abate::sweep {

Result<std::vector<Socket>> kernel_sockets();

// Those that one tells and the other does not, in each of kRounds looks: sockets come and go meanwhile.
using SocketsSource = std::function<Result<std::vector<Socket>>()>;
Result<std::vector<Socket>> only_in_one(const SocketsSource& kernel, const SocketsSource& proc);

// Adds to running.sockets what /proc hides, and marks what netlink hides; Socket::hidden.
void find_hidden_sockets(const Tree& tree, Running& running, Notes& notes);

}  // namespace abate::sweep
