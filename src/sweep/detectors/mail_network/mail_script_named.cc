// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "sweep/host/logs/watching.h"
#include "sweep/kit/detector.h"

namespace abate::sweep {
namespace {

constexpr std::size_t kScriptsMax = 2000;
constexpr std::uint32_t kMailsMin = 30;  // within an hour

class Watcher final : public LogWatcher {
 public:
  explicit Watcher(const Host& host) : host_{host} {}
  void see(const Event& event) override {
    const Mail* mail = as<Mail>(event);
    if (mail == nullptr || mail->step != MailStep::script || !mail->script.starts_with('/') || !event.at) return;
    if (mail->script == "/" || mail->script.starts_with("/var/spool") || mail->script.starts_with("/root")) return;
    auto found = scripts_.find(mail->script);
    if (found == scripts_.end()) {
      if (scripts_.size() >= kScriptsMax) return;
      found = scripts_.emplace(mail->script.substr(0, 512), Script{}).first;
      found->second.first = *event.at;
    }
    Script& script = found->second;
    ++script.mails;
    const std::int64_t hour = to_micros(*event.at) / 3'600'000'000;
    script.this_hour = hour == script.hour ? script.this_hour + 1 : 1;
    script.hour = hour;
    if (script.this_hour == kMailsMin && script.top < kMailsMin) script.burst = *event.at;
    script.top = std::max(script.top, script.this_hour);
    script.evidence.add(event);
    if (mail->recipient.find('@') != std::string_view::npos && script.domains.size() < 8)
      script.domains.emplace(mail->recipient.substr(mail->recipient.rfind('@') + 1).substr(0, 64));
  }
  void finish(Findings& out) override {
    for (const auto& [path, script] : scripts_) {
      if (script.top < kMailsMin) continue;
      Finding& finding =
          out.add(file_subject(path),
                  fmt::format("This {} handed in {} mails, up to {} an hour",
                              suffix_of(path).empty() ? "folder's scripts" : "script", script.mails, script.top));
      finding.at = script.burst;
      script.evidence.into(finding);
      if (const Result<Stat> stat = host_.tree->stat_through_links(path)) finding.uid = stat->uid;
      finding.role = "mailer";
    }
  }

 private:
  struct Script {
    Instant first, burst;
    std::uint32_t mails = 0, this_hour = 0, top = 0;
    std::int64_t hour = 0;
    std::set<std::string, std::less<>> domains;
    Evidence evidence;
  };
  const Host& host_;
  std::map<std::string, Script, std::less<>> scripts_;
};

std::unique_ptr<LogWatcher> watch(const Host& host) { return std::make_unique<Watcher>(host); }

#define ABATE_SENT "2026-05-01 10:00:00 cwd=/home/u/public_html/wp-content 4 args: /usr/sbin/sendmail -t -i\n"
#define ABATE_TEN \
  ABATE_SENT ABATE_SENT ABATE_SENT ABATE_SENT ABATE_SENT ABATE_SENT ABATE_SENT ABATE_SENT ABATE_SENT ABATE_SENT
constexpr Example kExamples[] = {
    {"a folder that sends", "--- /var/log/exim_mainlog\n" ABATE_TEN ABATE_TEN ABATE_TEN, 1},
    {"a form", "--- /var/log/exim_mainlog\n" ABATE_SENT ABATE_SENT, 0},
};
#undef ABATE_TEN
#undef ABATE_SENT

}  // namespace

extern const Detector mail_script_named_detector;
constinit const Detector mail_script_named_detector{
    .id = "mail_script_named",
    .area = Area::mail_network,
    .severity = Severity::suspicious,
    .title = "A script that hands in many mails",
    .explain =
        R"(The log names the script, or the folder of the scripts, from which mails were handed in: Exim's "cwd=" line as
on cPanel, or PHP's mail.log. Thirty and more within an hour is more than a contact form sends. False alarms: newsletters and
shops. What to do: look at the script, and at the requests to it at these times; if it is not the owner's, hold the queue and
set it aside.)",
    .watch = watch,
    .examples = kExamples};

}  // namespace abate::sweep
