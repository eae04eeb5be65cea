// SPDX-License-Identifier: Apache-2.0
// The running machine, with real processes and sockets that the test starts; what a rootkit hides is hidden by a tree
// that leaves it out.
#include <algorithm>

#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/open_beneath.h"
#include "sweep/host/disk_tree.h"
#include "sweep/host/inventory/inventory.h"
#include "sweep/host/kernel_sockets.h"

namespace abate::sweep {
namespace {

// Lists /proc without one number, as getdents(2) does when a rootkit changed it. All else is the machine's.
class HidingTree final : public Tree {
 public:
  HidingTree(const Tree& real, std::string hidden) : real_{real}, hidden_{std::move(hidden)} {}
  [[nodiscard]] Result<Stat> stat(std::string_view path) const override { return real_.stat(path); }
  [[nodiscard]] Result<Stat> stat_through_links(std::string_view path) const override {
    return real_.stat_through_links(path);
  }
  [[nodiscard]] Result<std::unique_ptr<TreeFile>> open(std::string_view path) const override {
    return real_.open(path);
  }
  [[nodiscard]] Result<std::string> link_target(std::string_view path) const override {
    return real_.link_target(path);
  }
  [[nodiscard]] Result<std::vector<Name>> list(std::string_view path) const override {
    Result<std::vector<Name>> names = real_.list(path);
    if (names && path == "/proc") std::erase_if(*names, [&](const Name& name) { return name.name == hidden_; });
    return names;
  }
  [[nodiscard]] std::uint8_t flags(std::string_view path) const override { return real_.flags(path); }
  [[nodiscard]] Result<std::string> attribute(std::string_view path, const std::string& name) const override {
    return real_.attribute(path, name);
  }
  void walk(std::string_view path, Walker& walker) const override { real_.walk(path, walker); }

 private:
  const Tree& real_;
  std::string hidden_;
};

class Child {
 public:
  Child() : pid_{::fork()} {
    if (pid_ == 0) {
      ::pause();
      ::_exit(0);
    }
  }
  ~Child() {
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
  }
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;
  [[nodiscard]] std::uint32_t pid() const { return static_cast<std::uint32_t>(pid_); }

 private:
  pid_t pid_;
};

const Process* find(const Host& host, std::uint32_t pid) {
  const auto found = std::ranges::find(host.processes, pid, &Process::pid);
  return found == host.processes.end() ? nullptr : &*found;
}

class LiveTest : public testing::Test {
 protected:
  void SetUp() override { machine_ = DiskTree::open_root("/").value(); }
  Host look(const Tree& tree) {
    Host host;
    host.tree = &tree;
    host.live = true;
    owners_ = load_processes(host, notes_);
    load_hidden_processes(host, owners_, notes_);
    return host;
  }
  std::unique_ptr<DiskTree> machine_;
  Notes notes_;
  SocketOwners owners_;
};

TEST_F(LiveTest, a_process_that_the_list_leaves_out_is_found) {
  const Child child;
  const HidingTree tree{*machine_, std::to_string(child.pid())};
  const Host host = look(tree);
  const Process* process = find(host, child.pid());
  ASSERT_NE(process, nullptr);
  EXPECT_TRUE(process->hidden);
  EXPECT_EQ(process->parent, static_cast<std::uint32_t>(::getpid()));
}

TEST_F(LiveTest, nothing_is_hidden_where_nothing_hides_although_processes_come_and_go) {
  const Child child;
  const Host host = look(*machine_);
  const Process* process = find(host, child.pid());
  ASSERT_NE(process, nullptr);
  EXPECT_FALSE(process->hidden);
  for (const Process& one : host.processes) EXPECT_FALSE(one.hidden) << one.pid << " " << one.comm;
}

TEST_F(LiveTest, threads_of_the_kernel_are_not_taken_for_programs_that_cannot_be_seen) {
  const Host host = look(*machine_);
  for (const Process& one : host.processes) {
    const bool is_thread_of_the_kernel = one.comm == "kthreadd" || (one.parent == 2 && one.exe.empty());
    EXPECT_TRUE(one.kernel_thread || !is_thread_of_the_kernel) << one.pid << " " << one.comm;
  }
  const Process* ours = find(host, static_cast<std::uint32_t>(::getpid()));
  ASSERT_NE(ours, nullptr);
  EXPECT_FALSE(ours->kernel_thread);
  EXPECT_NE(ours->exe.find("sweep_test"), std::string::npos);
  ASSERT_TRUE(ours->started_at);
  EXPECT_LT(std::chrono::abs(std::chrono::system_clock::now() - *ours->started_at), std::chrono::minutes{10});
}

class ListenerTest : public testing::Test {
 protected:
  void SetUp() override {
    listener_ = Descriptor{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
    sockaddr_in at{};
    at.sin_family = AF_INET;
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    ASSERT_EQ(::bind(listener_.get(), reinterpret_cast<const sockaddr*>(&at), sizeof at), 0);
    ASSERT_EQ(::listen(listener_.get(), 1), 0);
    socklen_t size = sizeof at;
    ASSERT_EQ(::getsockname(listener_.get(), reinterpret_cast<sockaddr*>(&at), &size), 0);
    port_ = ntohs(at.sin_port);
    machine_ = DiskTree::open_root("/").value();
  }
  [[nodiscard]] Result<std::vector<Socket>> proc() const {
    return proc_sockets(*machine_, static_cast<std::uint32_t>(::getpid()));
  }
  [[nodiscard]] bool is_ours(const Socket& socket) const {
    return socket.protocol == "tcp" && socket.state == "listen" && socket.local_port == port_;
  }
  [[nodiscard]] Result<std::vector<Socket>> without_ours(Result<std::vector<Socket>> sockets) const {
    if (sockets) std::erase_if(*sockets, [&](const Socket& socket) { return is_ours(socket); });
    return sockets;
  }
  [[nodiscard]] bool names_ours(const Result<std::vector<Socket>>& sockets) const {
    return sockets && std::ranges::any_of(*sockets, [&](const Socket& socket) { return is_ours(socket); });
  }

  Descriptor listener_;
  std::uint16_t port_ = 0;
  std::unique_ptr<DiskTree> machine_;
};

TEST_F(ListenerTest, the_kernel_and_proc_tell_the_same_listener) {
  EXPECT_TRUE(names_ours(proc()));
  EXPECT_TRUE(names_ours(kernel_sockets()));
  EXPECT_FALSE(names_ours(only_in_one(kernel_sockets, [&] { return proc(); })));
}

TEST_F(ListenerTest, one_that_either_leaves_out_is_found) {
  const auto hidden_in_proc = only_in_one(kernel_sockets, [&] { return without_ours(proc()); });
  EXPECT_TRUE(names_ours(hidden_in_proc));
  const auto hidden_in_kernel = only_in_one([&] { return without_ours(kernel_sockets()); }, [&] { return proc(); });
  EXPECT_TRUE(names_ours(hidden_in_kernel));
}

}  // namespace
}  // namespace abate::sweep
