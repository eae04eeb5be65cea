// SPDX-License-Identifier: Apache-2.0
// What a configuration opens, held against the sockets of the running server.
#include "sweep/host/config/open_door.h"

#include <gtest/gtest.h>

#include "sweep/host/gather.h"
#include "sweep/host/no_packages.h"
#include "sweep/kit/memory_tree.h"

namespace abate::sweep {
namespace {

class OpenDoorTest : public testing::Test {
 protected:
  OpenDoorTest() {
    host_.tree = &tree_;
    host_.packages = &packages_;
    host_.live = true;
  }
  void listen(std::string_view address) {
    host_.sockets.push_back(
        {.protocol = "tcp", .state = "listen", .local = parse_ip(address).value(), .local_port = 6379, .pid = 77});
  }
  Finding door() {
    Gather gather;
    const Detector detector{.id = "x", .area = Area::mail_network, .severity = Severity::weak};
    gather.of(detector);
    report_door(host_, gather, {.unit = "redis.service", .programs = "/usr/bin/redis-server", .port = 6379},
                {"bind 0.0.0.0", "/etc/redis/redis.conf", 3}, "open");
    Notes notes;
    return gather.take(notes).front();
  }

  MemoryTree tree_{"--- /usr/bin/redis-server mode=0755\nx\n"};
  NoPackages packages_;
  Host host_;
};

TEST_F(OpenDoorTest, a_socket_that_strangers_reach_is_evidence) {
  listen("0.0.0.0");
  const Finding finding = door();
  EXPECT_EQ(finding.severity, Severity::weak);
  ASSERT_EQ(finding.evidence.size(), 2U);
  EXPECT_NE(finding.evidence[1].find("process 77"), std::string::npos);
}

TEST_F(OpenDoorTest, a_service_that_listens_on_loopback_only_is_a_note_whatever_its_configuration_says) {
  listen("127.0.0.1");
  EXPECT_EQ(door().severity, Severity::note);
}

TEST_F(OpenDoorTest, a_service_that_does_not_run_opens_its_door_when_it_starts) {
  host_.sockets.push_back(
      {.protocol = "tcp", .state = "listen", .local = parse_ip("0.0.0.0").value(), .local_port = 22});
  const Finding finding = door();
  EXPECT_EQ(finding.severity, Severity::weak);
  EXPECT_NE(finding.why.find("nothing listens"), std::string::npos);
}

}  // namespace
}  // namespace abate::sweep
