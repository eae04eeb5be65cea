// SPDX-License-Identifier: Apache-2.0
// Postfix's daemons. Queue ids are short (hex) or long (letters and digits).
#include "sweep/host/logs/grammars/grammars.h"
#include "sweep/host/logs/scan.h"

namespace abate::sweep {
namespace {

constexpr std::size_t kQueueIdMin = 5;
constexpr std::size_t kQueueIdMax = 32;

bool take_queue_id(std::string_view& text, std::string_view& id) {
  const std::size_t colon = text.find(": ");
  if (colon == std::string_view::npos || colon < kQueueIdMin || colon > kQueueIdMax) return false;
  const std::string_view word = text.substr(0, colon);
  for (const char c : word)
    if (!((c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'))) return false;
  if (word == "warning" || word == "fatal" || word == "error" || word == "panic" || word == "statistics") return false;
  id = word;
  text.remove_prefix(colon + 2);
  return true;
}

// "unknown[192.0.2.1]", "mx.example.org[2001:db8::1]:587": a name holds no bracket.
std::optional<IpAddress> client_of(std::string_view text) {
  const std::size_t open = text.find('[');
  const std::size_t close = text.find(']', open == std::string_view::npos ? 0 : open);
  if (open == std::string_view::npos || close == std::string_view::npos) return std::nullopt;
  return ip_in_log(text.substr(open + 1, close - open - 1));
}

bool read_smtpd(std::string_view text, Event& event) {
  Mail mail;
  if (take(text, "NOQUEUE: reject: RCPT from ") ||
      (take_queue_id(text, mail.queue_id) && take(text, "reject: RCPT from "))) {
    mail.client = client_of(text);
    // The refused address stands in front of the words, "from=<" behind them; the words themselves are Postfix's.
    const std::size_t denied = text.find("Relay access denied; from=<");
    if (denied == std::string_view::npos) return false;
    mail.step = MailStep::relay_denied;
    std::string_view rest = text.substr(denied + 27);
    mail.sender = take_to(rest, "> to=<");
    mail.recipient = take_to(rest, "> proto=");
    event.what = mail;
    return true;
  }
  if (!mail.queue_id.empty() && take(text, "client=")) {
    mail.step = MailStep::accepted_remotely;
    mail.client = client_of(text);
    const std::size_t sasl = text.find(", sasl_username=");
    if (sasl != std::string_view::npos) {
      mail.sasl_user = text.substr(sasl + 16);
      mail.sasl_user = mail.sasl_user.substr(0, mail.sasl_user.find(", "));
    }
    event.what = mail;
    return true;
  }
  if (take(text, "warning: ")) {
    const std::size_t failed = text.find("]: SASL ");
    const std::size_t words = text.find(" authentication failed", failed == std::string_view::npos ? 0 : failed);
    if (failed == std::string_view::npos || words == std::string_view::npos) return false;
    Login login{.service = LoginService::smtp};
    login.client = client_of(text);
    login.method = text.substr(failed + 8, words - failed - 8);
    const std::size_t user = text.rfind(", sasl_username=");
    if (user != std::string_view::npos) login.user = text.substr(user + 16);
    event.what = login;
    return true;
  }
  return false;
}

bool read_delivery(std::string_view text, Event& event, Mail& mail) {
  if (!take(text, "to=<")) return false;
  mail.step = MailStep::to;
  const std::size_t end = text.find(">, ");
  if (end == std::string_view::npos) return false;
  mail.recipient = text.substr(0, end);
  text.remove_prefix(end + 3);
  if (take(text, "orig_to=<")) take_to(text, ">, ");
  if (take(text, "relay=")) mail.relay = take_to(text, ", ");
  const std::size_t dsn = text.find("dsn=");
  if (dsn == std::string_view::npos) return false;
  text.remove_prefix(dsn + 4);
  mail.dsn = take_to(text, ", ");
  if (!take(text, "status=")) return false;
  mail.status = text.substr(0, text.find(' '));
  event.what = mail;
  return true;
}

bool read_qmgr(std::string_view text, Event& event, Mail& mail) {
  if (text == "removed") {
    mail.step = MailStep::removed;
    event.what = mail;
    return true;
  }
  if (!take(text, "from=<")) return false;
  const std::size_t size = text.rfind(">, size=");
  if (size == std::string_view::npos) return false;
  mail.step = MailStep::from;
  mail.sender = text.substr(0, size);
  const std::size_t nrcpt = text.find(", nrcpt=", size);
  if (nrcpt != std::string_view::npos) mail.recipients = number_or<std::uint32_t>(text.substr(nrcpt + 8), 0);
  event.what = mail;
  return true;
}

}  // namespace

bool read_postfix(Event& event) {
  const std::string_view daemon = event.program.substr(event.program.rfind('/') + 1);
  std::string_view text = event.message;
  if (daemon == "smtpd") return read_smtpd(text, event);
  Mail mail;
  if (!take_queue_id(text, mail.queue_id)) return false;
  if (daemon == "qmgr") return read_qmgr(text, event, mail);
  if (daemon == "pickup") {
    if (!take(text, "uid=")) return false;
    std::uint32_t uid = 0;
    if (!take_number(text, uid)) return false;
    mail.uid = uid;
    mail.step = MailStep::accepted_locally;
    if (take(text, " from=<")) {
      mail.local_user = text;
      take_end(mail.local_user, ">");
    }
    event.what = mail;
    return true;
  }
  if (daemon == "cleanup") {
    if (!take(text, "message-id=")) return false;
    mail.step = MailStep::message_id;
    take(text, "<");
    take_end(text, ">");
    mail.message_id = text;
    event.what = mail;
    return true;
  }
  return read_delivery(text, event, mail);  // smtp, lmtp, local, virtual, pipe, error, discard, bounce
}

}  // namespace abate::sweep
