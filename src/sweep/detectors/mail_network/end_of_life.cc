// SPDX-License-Identifier: Apache-2.0
#include "base/time.h"
#include "sweep/host/config/open_door.h"

namespace abate::sweep {
namespace {

struct Release {
  std::string_view id;
  std::string_view version;
  std::string_view until;  // the last day of free security fixes, long-term support included
};
constexpr Release kReleases[] = {
    {"debian", "7", "2018-05-31"},     {"debian", "8", "2020-06-30"},     {"debian", "9", "2022-06-30"},
    {"debian", "10", "2024-06-30"},    {"debian", "11", "2026-08-31"},    {"debian", "12", "2028-06-30"},
    {"debian", "13", "2030-06-30"},    {"ubuntu", "14.04", "2019-04-30"}, {"ubuntu", "16.04", "2021-04-30"},
    {"ubuntu", "18.04", "2023-05-31"}, {"ubuntu", "20.04", "2025-05-31"}, {"ubuntu", "22.04", "2027-04-30"},
    {"ubuntu", "24.04", "2029-04-30"}, {"ubuntu", "22.10", "2023-07-20"}, {"ubuntu", "23.04", "2024-01-25"},
    {"ubuntu", "23.10", "2024-07-11"}, {"ubuntu", "24.10", "2025-07-10"}, {"centos", "6", "2020-11-30"},
    {"centos", "7", "2024-06-30"},     {"centos", "8", "2021-12-31"},     {"almalinux", "8", "2029-03-01"},
    {"almalinux", "9", "2032-05-31"},  {"rocky", "8", "2029-05-31"},      {"rocky", "9", "2032-05-31"},
    {"fedora", "38", "2024-05-21"},    {"fedora", "39", "2024-11-26"},    {"fedora", "40", "2025-05-13"},
    {"fedora", "41", "2025-12-15"}};

void look(const Host& host, Findings& out) {
  for (const Release& release : kReleases) {
    const bool same =
        host.os_version == release.version || host.os_version.starts_with(std::string{release.version} + ".");
    if (host.os_id != release.id || !same) continue;
    const auto until = parse_rfc3339(std::string{release.until} + "T23:59:59Z");
    if (!until || host.now <= *until) return;
    Finding& finding = out.add({.kind = SubjectKind::config, .path = "/etc/os-release", .name = host.os_name},
                               fmt::format("{} has had no free security fixes since {}",
                                           host.os_name.empty() ? host.os_id : host.os_name, release.until));
    finding.role = "outdated";
    return;
  }
}

constexpr Example kExamples[] = {
    {"a release of the past",
     R"x(--- /etc/os-release
ID=debian
VERSION_ID="10"
PRETTY_NAME="Debian GNU/Linux 10 (buster)"
)x",
     1},
    {"a current one",
     R"x(--- /etc/os-release
ID=debian
VERSION_ID="12"
)x",
     0},
    {"one that we do not know",
     R"x(--- /etc/os-release
ID=arch
)x",
     0},
};
}  // namespace
extern const Detector end_of_life_detector;
constinit const Detector end_of_life_detector{
    .id = "end_of_life",
    .area = Area::mail_network,
    .severity = Severity::weak,
    .title = "The operating system gets no more security fixes",
    .explain =
        R"(Every release of an operating system gets security fixes for some years only. After that, new holes stay open
for good.

False alarms: paid extended support (ESM, ELTS), which this cannot see. What to do: plan the move to a current
release.)",
    .host = look,
    .examples = kExamples,
};
}  // namespace abate::sweep
