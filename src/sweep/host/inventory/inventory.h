// SPDX-License-Identifier: Apache-2.0
// sweep/host/inventory/inventory.h — the parts of a server's inventory, each filled by one file beside this one.
//
// Each reads through host.tree, uses what earlier parts filled, never throws, bounds what it keeps (named limits in its
// file), and tells notes what it could not look at. Called once by open_host, in this order.
#pragma once

#include <memory>
#include <unordered_map>

#include "sweep/host/open_host.h"

namespace abate::sweep {

void load_accounts(Host& host, Notes& notes);  // passwd, shadow, group
void load_keys(Host& host, Notes& notes);      // authorized_keys of everyone, as sshd_config says
std::unique_ptr<Packages> load_dpkg(const Tree& tree, Notes& notes);  // null: not a dpkg system
std::unique_ptr<Packages> load_rpm(const Tree& tree, Notes& notes);   // null: no rpm database that can be read
void load_cron(Host& host, Notes& notes);                             // crontabs of all kinds, at
void load_units(Host& host, Notes& notes);  // systemd's units, timers, generators, users' units
void load_start_files(Host& host,
                      Notes& notes);  // init.d, rc.local, profile.d, shell rc, preload, PAM, udev, hooks, motd, modules
void load_containers(Host& host, Notes& notes);  // Docker's and Podman's, with the web sites in them
void load_network(Host& host, Notes& notes);     // its own addresses, by configuration
void load_first_boot(Host& host);

// Live only: what runs, and what it is connected to. The owners of sockets by inode number.
using SocketOwners = std::unordered_map<std::uint64_t, std::uint32_t>;
SocketOwners load_processes(Host& host, Notes& notes);
// One of them; false where it ended, or its number went to another program meanwhile.
bool read_process(const Tree& tree, std::uint32_t pid, Process& process, SocketOwners& owners);
// Processes that /proc's listing leaves out although they are there; Process::hidden.
void load_hidden_processes(Host& host, SocketOwners& owners, Notes& notes);
// What /proc says of the sockets in that process's network namespace.
Result<std::vector<Socket>> proc_sockets(const Tree& tree, std::uint32_t pid);
void load_sockets(Host& host, const SocketOwners& owners, Notes& notes);  // of every network namespace

// Absolute paths that a command line names: programs, scripts behind interpreters, what is run after `cd`, in `sh -c
// '…'`.
std::vector<std::string> programs_of(std::string_view command);
// Is this file as its package brought it? Reads and hashes it.
bool is_unchanged_from_package(const Host& host, std::string_view path);
void add_autostart(Host& host, Autostart autostart);
constexpr std::size_t kAutostartsMax = 20'000;

}  // namespace abate::sweep
