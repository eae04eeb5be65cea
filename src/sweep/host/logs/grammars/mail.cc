// SPDX-License-Identifier: Apache-2.0
// Dovecot, Sendmail and Exim (also as cPanel and DirectAdmin run it).
#include "sweep/host/logs/grammars/grammars.h"
#include "sweep/host/logs/scan.h"

namespace abate::sweep {
namespace {

constexpr std::uint32_t kAttemptsMax = 100;

LoginService service_of(std::string_view login_program) {
  if (login_program.starts_with("imap")) return LoginService::imap;
  if (login_program.starts_with("pop3")) return LoginService::pop3;
  if (login_program.starts_with("submission")) return LoginService::smtp;
  return LoginService::other;
}

// Text after "imap-login: ". The user's name may hold anything; what follows the last ">, method=" is Dovecot's.
bool read_login(std::string_view program, std::string_view text, Event& event) {
  for (const std::string_view level : {"Info: ", "Warning: ", "Error: "}) take(text, level);
  Login login{.service = service_of(program)};
  if (take(text, "Login: user=<")) {
    login.accepted = true;
  } else {
    const bool ended = take(text, "Disconnected") || take(text, "Aborted login") || take(text, "Login aborted");
    const std::size_t failed = text.find("(auth failed, ");
    const std::size_t user = text.find(": user=<");
    if (!ended || failed == std::string_view::npos || user == std::string_view::npos || failed > user) return false;
    event.times = std::clamp(number_or<std::uint32_t>(text.substr(failed + 14), 1), 1U, kAttemptsMax);
    text.remove_prefix(user + 8);
  }
  const std::size_t rip = text.rfind(", rip=");
  if (rip == std::string_view::npos) return false;
  std::string_view client = text.substr(rip + 6);
  login.client = ip_in_log(client.substr(0, client.find(',')));
  const std::size_t method = text.rfind(">, method=", rip);
  if (method == std::string_view::npos) {
    const std::size_t end = text.rfind('>', rip);
    if (end == std::string_view::npos) return false;
    login.user = text.substr(0, end);
  } else {
    login.user = text.substr(0, method);
    login.method = text.substr(method + 10, rip - method - 10);
    login.method = login.method.substr(0, login.method.find(','));
  }
  event.what = login;
  return true;
}

// "A=dovecot_login:user@example.org", "A=login:user": after the colon.
std::string_view after_colon(std::string_view text) {
  const std::size_t colon = text.find(':');
  return colon == std::string_view::npos ? std::string_view{} : text.substr(colon + 1);
}

// "H=mx.example.org (helo) [192.0.2.1]:4711": the bracket behind a blank is Exim's, that in parentheses the client's.
std::optional<IpAddress> exim_client(std::string_view text) {
  const std::size_t host = text.find("H=");
  if (host == std::string_view::npos || (host != 0 && text[host - 1] != ' ')) return std::nullopt;
  text.remove_prefix(host + 2);
  if (!text.starts_with('[')) {
    const std::size_t open = text.find(" [");
    if (open == std::string_view::npos) return std::nullopt;
    text.remove_prefix(open + 1);
  }
  const std::size_t close = text.find(']');
  return close == std::string_view::npos ? std::nullopt : ip_in_log(text.substr(0, close + 1));
}

// A field of an Exim line, up to a blank, that stands in front of what strangers write freely (id=, T=).
std::string_view exim_field(std::string_view text, std::string_view key) {
  const std::size_t at = text.find(key);
  if (at == std::string_view::npos) return {};
  text.remove_prefix(at + key.size());
  return text.substr(0, text.find(' '));
}

bool is_exim_id(std::string_view word) {
  if (word.size() == 16) return word[6] == '-' && word[13] == '-';
  return word.size() == 23 && word[6] == '-' && word[18] == '-';  // since 4.97
}

bool read_exim_arrival(std::string_view text, Event& event, Mail& mail) {
  mail.sender = take_word(text);
  if (mail.sender == "<>") mail.sender = {};
  const std::string_view subject = between(text, " T=\"", "\"");
  const std::string_view ours = text.substr(0, std::min(text.find(" id="), text.find(" T=\"")));
  mail.client = exim_client(ours);
  mail.sasl_user = after_colon(exim_field(ours, " A="));
  mail.subject = subject;
  mail.message_id = exim_field(text, " id=");
  const bool local = exim_field(ours, " P=").starts_with("local") || (ours.starts_with("U=") && !mail.client);
  if (local) {
    mail.step = MailStep::accepted_locally;
    mail.local_user = ours.starts_with("U=") ? exim_field(ours, "U=") : exim_field(ours, " U=");
  } else {
    mail.step = MailStep::accepted_remotely;
  }
  event.what = mail;
  return true;
}

bool read_exim_fate(std::string_view text, std::string_view status, Event& event, Mail& mail) {
  mail.step = MailStep::to;
  mail.status = status;
  mail.recipient = take_word(text);
  take_end(mail.recipient, ":");
  mail.relay = exim_field(text, "H=");
  event.what = mail;
  return true;
}

bool read_exim(std::string_view text, Event& event) {
  Mail mail;
  if (take(text, "cwd=")) {
    mail.step = MailStep::script;
    mail.script = take_to(text, " ");
    event.what = mail;
    return true;
  }
  const std::string_view word = text.substr(0, text.find(' '));
  if (is_exim_id(word)) {
    mail.queue_id = word;
    text.remove_prefix(std::min(text.size(), word.size() + 1));
    if (take(text, "<= ")) return read_exim_arrival(text, event, mail);
    if (take(text, "=> ") || take(text, "-> ") || take(text, ">> ")) return read_exim_fate(text, "sent", event, mail);
    if (take(text, "** ")) return read_exim_fate(text, "bounced", event, mail);
    if (take(text, "== ")) return read_exim_fate(text, "deferred", event, mail);
    if (text.starts_with("Completed")) {
      mail.step = MailStep::removed;
      event.what = mail;
      return true;
    }
  }
  const std::size_t denied = text.find(": relay not permitted");
  if (text.starts_with("H=") && denied != std::string_view::npos) {
    mail.step = MailStep::relay_denied;
    mail.client = exim_client(text);
    mail.sender = between(text, " F=<", ">");
    event.what = mail;
    return true;
  }
  const std::size_t failed = text.find(" authenticator failed for ");
  if (failed != std::string_view::npos && text.substr(0, failed).find(' ') == std::string_view::npos) {
    Login login{.service = LoginService::smtp};
    login.method = text.substr(0, failed);
    const std::string_view rest = text.substr(failed + 26);
    const std::size_t close = rest.find("]: 535");
    const std::size_t open = close == std::string_view::npos ? close : rest.rfind('[', close);
    if (open == std::string_view::npos) return false;
    login.client = ip_in_log(rest.substr(open + 1, close - open - 1));
    const std::size_t set = rest.rfind("(set_id=");
    if (set != std::string_view::npos) {
      login.user = rest.substr(set + 8);
      take_end(login.user, ")");
    }
    event.what = login;
    return true;
  }
  return false;
}

}  // namespace

bool read_dovecot(Event& event) {
  std::string_view text = event.message;
  if (event.program != "dovecot") return read_login(event.program, text, event);
  const std::size_t colon = text.find("-login: ");
  if (colon == std::string_view::npos || colon > 16) return false;
  return read_login(text.substr(0, colon), text.substr(colon + 8), event);
}

// Dovecot's own file: "Mar 02 10:00:00 imap-login: Info: Login: …", or with a year first.
bool read_dovecot_line(std::string_view line, Stamps& stamps, Sessions& /*sessions*/, Event& event) {
  event.at = !line.empty() && line.front() <= '9' ? stamps.take_iso(line) : stamps.take_rfc3164(line);
  if (!event.at || !take(line, " ")) return false;
  event.program = "dovecot";
  event.message = line;
  read_dovecot(event);
  return true;
}

bool read_sendmail(Event& event) {
  std::string_view text = event.message;
  const std::size_t colon = text.find(": ");
  if (colon == std::string_view::npos || colon < 8 || colon > 20 || text.substr(0, colon).find(' ') < colon)
    return false;
  Mail mail;
  mail.queue_id = text.substr(0, colon);
  text.remove_prefix(colon + 2);
  if (take(text, "from=")) {
    const std::size_t size = text.find(", size=");
    if (size == std::string_view::npos) return false;
    mail.sender = text.substr(0, size);
    take(mail.sender, "<");
    take_end(mail.sender, ">");
    mail.recipients = number_or<std::uint32_t>(between(text, ", nrcpts=", ","), 0);
    mail.message_id = between(text, ", msgid=<", ">");
    const std::size_t relay = text.rfind(", relay=");
    const std::string_view from = relay == std::string_view::npos ? std::string_view{} : text.substr(relay + 8);
    const std::size_t open = from.find('[');
    if (open != std::string_view::npos) mail.client = ip_in_log(from.substr(open, from.find(']') - open + 1));
    if (!mail.client && from.ends_with("@localhost")) {
      mail.step = MailStep::accepted_locally;
      mail.local_user = from.substr(0, from.size() - 10);
    } else {
      mail.step = MailStep::accepted_remotely;
      const std::size_t auth = text.find(", auth=");
      if (auth != std::string_view::npos) mail.sasl_user = mail.sender;
    }
    event.what = mail;
    return true;
  }
  if (take(text, "to=")) {
    mail.step = MailStep::to;
    mail.recipient = take_to(text, ", ");
    take(mail.recipient, "<");
    take_end(mail.recipient, ">");
    mail.dsn = between(text, "dsn=", ",");
    mail.relay = between(text, " relay=", ",");  // none where its own mailer takes it
    const std::size_t stat = text.find("stat=");
    if (stat == std::string_view::npos) return false;
    const std::string_view said = text.substr(stat + 5);
    mail.status = said.starts_with("Sent") ? "sent" : said.starts_with("Deferred") ? "deferred" : "bounced";
    event.what = mail;
    return true;
  }
  return false;
}

// "2026-03-02 10:00:00 [123] 1t8k9Q-0001aB-2C <= …"; the zone and the pid only where log_selector asks for them.
bool read_exim_line(std::string_view line, Stamps& stamps, Sessions& /*sessions*/, Event& event) {
  event.at = stamps.take_iso(line);
  if (!event.at || !take(line, " ")) return false;
  if (line.size() > 6 && (line[0] == '+' || line[0] == '-') && line[5] == ' ') line.remove_prefix(6);
  if (line.starts_with('[')) {
    event.pid = number_or<std::uint32_t>(line.substr(1), 0);
    take_to(line, "] ");
  }
  event.program = "exim";
  event.message = line;
  read_exim(line, event);
  return true;
}

}  // namespace abate::sweep
