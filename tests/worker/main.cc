// SPDX-License-Identifier: Apache-2.0
// The worker's test program is its own worker. Reports that begin with "TEST " make the child misbehave on purpose;
// everything else is read as always.
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <string>
#include <thread>

#include <arpa/inet.h>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include "reading/read.h"
#include "worker/child.h"

namespace {

using abate::Outcome;
using abate::Reading;

Reading say(std::string sentence) {
  Reading reading;
  reading.format = "test";
  reading.outcome = Outcome::unreadable;
  reading.warnings.push_back(std::move(sentence));
  return reading;
}

Reading outcome_of(const char* what, bool worked) { return say(std::string(what) + (worked ? " worked" : " refused")); }

void allocate_without_end() {
  for (std::size_t size = std::size_t{1} << 20;; size += std::size_t{1} << 20) {
    char* block = new char[size];
    std::memset(block, 1, size);
  }
}

Reading misbehave(std::string_view order) {
  if (order.starts_with("crash")) raise(SIGSEGV);
  if (order.starts_with("null")) *const_cast<volatile int*>(static_cast<int*>(nullptr)) = 1;
  if (order.starts_with("abort")) std::abort();
  if (order.starts_with("hang"))
    while (std::chrono::steady_clock::now().time_since_epoch().count() != 0) continue;
  if (order.starts_with("throw")) throw std::runtime_error("thrown on purpose");
  if (order.starts_with("allocate")) allocate_without_end();
  if (order.starts_with("open")) return outcome_of("open", open("/etc/passwd", O_RDONLY) >= 0);
  if (order.starts_with("create"))
    return outcome_of("create", open("/tmp/abate-worker-test", O_CREAT | O_WRONLY, 0600) >= 0);
  if (order.starts_with("self")) return outcome_of("self", open("/proc/self/maps", O_RDONLY) >= 0);
  if (order.starts_with("stderr")) return outcome_of("stderr", write(2, "x", 1) == 1);
  if (order.starts_with("socket")) return outcome_of("socket", socket(AF_INET, SOCK_STREAM, 0) >= 0);
  if (order.starts_with("exec")) return outcome_of("exec", execl("/bin/true", "true", nullptr) == 0);
  if (order.starts_with("fork")) return outcome_of("fork", fork() >= 0);
  if (order.starts_with("signal")) return outcome_of("signal", kill(getppid(), 0) == 0);
  if (order.starts_with("code"))
    return outcome_of("code", mmap(nullptr, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1,
                                   0) != MAP_FAILED);
  if (order.starts_with("thread")) std::thread([] {}).join();
  if (order.starts_with("quit")) _exit(3);
  if (order.starts_with("nonsense")) {
    const std::string noise(100, '\xff');
    return outcome_of("nonsense", write(1, noise.data(), noise.size()) > 0);
  }
  if (order.starts_with("lie")) {  // a taken-over child claims a range outside the report
    Reading reading = say("a lie");
    reading.outcome = Outcome::read;
    reading.incidents.emplace_back();
    reading.incidents[0].evidence.push_back({"text/plain", "", "", "", abate::ByteRange{0, 1'000}});
    return reading;
  }
  if (order.starts_with("who")) return say(std::to_string(getpid()));
  return say("no such order");
}

Reading read_or_misbehave(std::string_view bytes, std::string_view type, std::string_view domain) {
  if (bytes.starts_with("TEST ")) return misbehave(bytes.substr(5));
  return abate::reading::read_unhashed(bytes, type, domain);
}

}  // namespace

int main(int argc, char** argv) {
  if (const auto status = abate::worker::run_if_worker(argc, argv, read_or_misbehave)) return *status;
  testing::InitGoogleTest(&argc, argv);
  return RUN_ALL_TESTS();
}
