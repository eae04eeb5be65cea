// SPDX-License-Identifier: Apache-2.0
#include "base/text.h"
#include "remedy/edit.h"
#include "remedy/measure.h"
#include "sweep/host/config/postfix.h"

namespace abate::remedy {

extern const Measure mail_limits_measure;

namespace {

constexpr const char* kMaster = "/etc/postfix/master.cf";
constexpr const char* kKey = "smtpd_client_message_rate_limit";
constexpr int kMessages = 100;  // in a unit of anvil_rate_time_unit: a minute

bool is_submission(const sweep::PostfixService& service) {
  return service.command == "smtpd" && service.inet &&
         (service.name == "submission" || service.name == "smtps" || service.name == "submissions" ||
          service.name.ends_with("587") || service.name.ends_with("465"));
}

bool is_limited(const sweep::Postfix& postfix, const sweep::PostfixService& service) {
  const std::string value = postfix.value(kKey, &service);
  return !value.empty() && value != "0";
}

void look(const Ground& ground, Advised& out) {
  const sweep::Postfix postfix{*ground.host.tree};
  if (!postfix.configured()) return;
  std::size_t services = 0;
  std::vector<std::string> open;
  for (const sweep::PostfixService& service : postfix.services()) {
    if (!is_submission(service)) continue;
    ++services;
    if (!is_limited(postfix, service)) open.push_back(service.name);
  }
  if (services == 0) return out.already("Postfix takes no mail of people who log in (no submission service)");
  if (open.empty()) return out.already("Postfix takes a bounded number of mails a minute from a client that logs in");
  Subject subject = file_subject(kMaster);
  subject.kind = SubjectKind::config;
  Action& action =
      out.advise(subject, fmt::format("Whoever steals one mailbox's password sends as much spam as the line "
                                      "takes ({} without a limit)",
                                      join(open, ", ")));
  action.effect =
      fmt::format("A client may send {} mails a minute; more are refused for the moment, and tried again", kMessages);
  action.risk = "A newsletter program that sends faster has to slow down";
}

Result<Work> work(const Action&, const sweep::Host& host) {
  const sweep::Postfix postfix{*host.tree};
  TRY_ASSIGN(const std::string path, sweep::resolve(*host.tree, kMaster));
  TRY_ASSIGN(const std::string text, sweep::read_whole(*host.tree, path, kEditedBytesMax));
  std::string edited = map_lines(text, [&](std::string_view line, std::uint32_t number) {
    for (const sweep::PostfixService& service : postfix.services())
      if (is_submission(service) && !is_limited(postfix, service) && service.at.line == number)
        return fmt::format("{}\n  -o {}={}", line, kKey, kMessages);
    return std::string{line};
  });
  if (edited == text) return Work{};
  Work work{.changes = {write_change(path, std::move(edited), fmt::format("{}: {}={}", path, kKey, kMessages))}};
  work.check = {"postfix", "check"};
  if (host.live) work.afterwards = {{"postfix", "reload"}};
  work.undo_afterwards = work.afterwards;
  return work;
}

constexpr MeasureExample kExamples[] = {{"no limit", R"x(--- /etc/postfix/main.cf
myhostname = mail.example.org
--- /etc/postfix/master.cf
smtp      inet  n       -       y       -       -       smtpd
submission inet n       -       y       -       -       smtpd
  -o smtpd_tls_security_level=encrypt
  -o smtpd_sasl_auth_enable=yes
)x",
                                         Standing::advised},
                                        {"limited for all", R"x(--- /etc/postfix/main.cf
smtpd_client_message_rate_limit = 50
--- /etc/postfix/master.cf
submission inet n       -       y       -       -       smtpd
)x",
                                         Standing::already},
                                        {"nobody logs in", R"x(--- /etc/postfix/main.cf
myhostname = mail.example.org
--- /etc/postfix/master.cf
smtp      inet  n       -       y       -       -       smtpd
)x",
                                         Standing::already}};

}  // namespace

constinit const Measure mail_limits_measure{
    .name = "mail_limits",
    .requirement = "R31",
    .title = "A stolen mailbox sends little",
    .explain =
        R"TEXT(Lets one client that logs in to Postfix (submission, smtps) send 100 mails a minute at most (smtpd_client_message_rate_limit, counted by anvil): a person never notices, a spammer with a stolen password does. The line goes below the service in master.cf; postfix check looks at it first. Mail from other servers is not limited.
What can go wrong: a newsletter program has to slow down. Undo: abate undo.)TEXT",
    .look = look,
    .work = work,
    .examples = kExamples};

}  // namespace abate::remedy
