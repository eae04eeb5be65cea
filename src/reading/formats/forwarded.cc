// SPDX-License-Identifier: Apache-2.0
// A report that somebody passes on as an attached mail: the inner mail is handed to the formats again.
#include "base/text.h"
#include "reading/format.h"
#include "reading/read.h"

namespace abate::reading {
extern const Format forwarded_format;
namespace {

constexpr int kForwardsMax = 3;  // a forwarded forwarded forward
thread_local int depth_ = 0;

int recognise(const Input& input) {
  const Message* mail = input.message();
  if (mail == nullptr || depth_ >= kForwardsMax) return 0;
  return mail->find("message/rfc822") && mail->multipart_type() != "multipart/report" ? 40 : 0;
}

// In words alone, a mail is a report when it was sent to those who take reports; else it is what is complained about.
bool was_sent_to_a_desk(const Reading& inner) {
  if (!inner.mail) return false;
  for (const std::string& recipient : inner.mail->recipients)
    for (const std::string_view box :
         {"abuse", "cert", "csirt", "security", "noc", "dmca", "legal", "support", "postmaster"})
      if (recipient.starts_with(box)) return true;
  return false;
}

bool is_report(const Reading& inner) {
  if (inner.outcome != Outcome::read) return false;
  return inner.format != "free_text" || was_sent_to_a_desk(inner);
}

// Ranges speak of the inner mail; they are moved where it stands verbatim, else a copy stays.
void move_ranges(Reading& reading, std::string_view whole, std::string_view inner) {
  const bool verbatim = inner.data() >= whole.data() && inner.data() + inner.size() <= whole.data() + whole.size();
  const auto move = [&](std::optional<ByteRange>& range) {
    if (!range) return;
    if (verbatim)
      range->offset += static_cast<std::size_t>(inner.data() - whole.data());
    else
      range.reset();
  };
  for (Incident& incident : reading.incidents) {
    if (incident.read_range && !verbatim)
      incident.read_text =
          shorten(make_valid_utf8(inner.substr(incident.read_range->offset,
                                               std::min(incident.read_range->length, kReadTextBytesMax))),
                  kReadTextBytesMax);
    move(incident.read_range);
    for (Evidence& evidence : incident.evidence) move(evidence.range);
  }
}

Result<Reading> read(const Input& input) {
  const Message& mail = *input.message();
  for (std::size_t i = 0; i < mail.parts().size(); ++i) {
    const Part& part = mail.parts()[i];
    if (part.type != "message/rfc822" || part.inside_message) continue;
    const std::string_view bytes = mail.content(i);
    ++depth_;
    Reading inner = read_unhashed(bytes, "message/rfc822", "");
    --depth_;
    if (!is_report(inner)) continue;
    move_ranges(inner, input.bytes(), bytes);
    for (Incident& incident : inner.incidents) {
      incident.read_from = fmt::format("part {}: {}", i + 1, incident.read_from);
      incident.reasons.push_back(fmt::format("Forwarded as an attached mail, read as {}", inner.format));
    }
    inner.mail.reset();
    return inner;
  }
  return failure(Fault::not_found, "no mail within it is a report");
}

constexpr std::string_view kAttached =
    "From: sales@hoster.example\nTo: abuse@hoster.example\nSubject: Fwd: a complaint\nMIME-Version: 1.0\n"
    "Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\n\nCan you look at this?\n"
    "--b\nContent-Type: message/rfc822\n\nFrom: ann@victim.example\nTo: abuse@hoster.example\nSubject: Port scan from "
    "192.0.2.5\n\nYour server 192.0.2.5 scans our ports.\n--b--\n";
constexpr std::string_view kTwice =
    "From: a@hoster.example\nSubject: Fwd: Fwd\nMIME-Version: 1.0\nContent-Type: message/rfc822\n\n"
    "From: b@hoster.example\nSubject: Fwd\nMIME-Version: 1.0\nContent-Type: message/rfc822\n\n"
    "From: c@victim.example\nTo: abuse@hoster.example\nSubject: Port scan\n\nYour server 192.0.2.5 scans our ports.\n";

constexpr Example kExamples[] = {
    {"passed on with a line above", "message/rfc822", kAttached, Outcome::read, 1, "connection/port_scan", "192.0.2.5"},
    {"twice passed on", "message/rfc822", kTwice, Outcome::read, 1, "connection/port_scan", "192.0.2.5"},
};

}  // namespace

constinit const Format forwarded_format{
    .name = "forwarded",
    .title = "a forwarded report",
    .explain =
        R"(A report that arrives as an attached mail (message/rfc822), with or without a comment above it. The inner mail is
read by all formats again, at most three deep. A mail in words that was not sent to an abuse desk is taken for the spam that
is complained about, not for a report.)",
    .recognise = recognise,
    .sure_max = 40,
    .read = read,
    .examples = kExamples,
};

}  // namespace abate::reading
