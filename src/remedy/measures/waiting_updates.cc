// SPDX-License-Identifier: Apache-2.0
#include "base/text.h"
#include "remedy/measure.h"

namespace abate::remedy {

extern const Measure waiting_updates_measure;

namespace {

// The detectors of old packages looked already.
void look(const Ground& ground, Advised& out) {
  bool told = false;
  for (const Finding& finding : ground.findings) {
    if (finding.detector != "outdated_packages" && finding.detector != "end_of_life" &&
        finding.detector != "vulnerable_plugin")
      continue;
    const std::string why =
        fmt::format("{}{}{}", finding.why, finding.evidence.empty() ? "" : ": ", join(finding.evidence, "; "));
    told = true;
    if (finding.severity < Severity::weak) {
      out.said(why, "apt-get update, then abate harden again");
      continue;
    }
    out.by_hand(finding.subject, why,
                finding.detector == "end_of_life"
                    ? "Move to a release that still gets security updates; nobody mends this one any more."
                    : "apt-get update && apt-get upgrade (or dnf upgrade), then restart what was updated.");
  }
  if (!told) out.already("no security update is known to this server that is not installed");
}

constexpr MeasureExample kExamples[] = {{"nothing waits", "--- /etc/debian_version\n12.5\n", Standing::already}};

}  // namespace

constinit const Measure waiting_updates_measure{
    .name = "waiting_updates",
    .requirement = "R27",
    .title = "No security update waits",
    .explain =
        R"TEXT(Compares the installed packages with the server's own lists of security fixes, and the release with its end of life. Abate changes nothing here: an upgrade may ask questions that only you can answer, and cannot be taken back byte for byte. It says what waits and what to run.)TEXT",
    .look = look,
    .examples = kExamples};

}  // namespace abate::remedy
