// SPDX-License-Identifier: Apache-2.0
#include "desk/notice_mail.h"

#include <algorithm>

#include "base/hash.h"
#include "base/text.h"

namespace abate::desk {
namespace {

constexpr std::size_t kEncodedLine = 76;  // RFC 2045 section 6.8
constexpr std::size_t kPlainSubjectMax = 200;
constexpr std::size_t kPlainLineMax = 998;  // RFC 5322 section 2.1.1

// "2 January 2026, 03:04 UTC to 03:09 UTC", and what is not known is said.
std::string when_of(const KeptIncident& kept) {
  const Incident& incident = kept.incident;
  if (incident.started_at && incident.ended_at && *incident.ended_at > *incident.started_at)
    return format_for_people(*incident.started_at) + " to " + format_for_people(*incident.ended_at);
  if (incident.started_at) return format_for_people(*incident.started_at);
  if (incident.started_unzoned)
    return "about " + format_for_people(*incident.started_unzoned) + " (the report names no time zone)";
  return "not stated; reported " + format_for_people(kept.seen_at);
}

std::string where_of(const Incident& incident) {
  std::string out = incident.source_ip ? incident.source_ip->to_string() : "address not stated";
  if (incident.source_port) out += fmt::format(" port {}", *incident.source_port);
  if (incident.url)
    out += ", " + defang(shorten(*incident.url, 300));
  else if (incident.domain)
    out += ", " + defang(shorten(*incident.domain, 300));
  return escape_terminal(out);
}

// What a person can read of the evidence: line by line, no control characters, no live links.
std::string excerpt_of(const Incident& incident) {
  for (const Evidence& evidence : incident.evidence) {
    if (!evidence.content_type.starts_with("text/") && !evidence.content_type.starts_with("message/")) continue;
    std::string out;
    const std::string excerpt = shorten(make_valid_utf8(evidence.bytes), kNoticeExcerptBytesMax);
    for (const std::string_view raw : split(excerpt, '\n')) {
      std::string line{raw.ends_with('\r') ? raw.substr(0, raw.size() - 1) : raw};
      std::ranges::replace(line, '\t', ' ');  // header fields go on behind one
      out += "    " + escape_terminal(line) + "\n";
    }
    for (std::size_t at = 0; (at = out.find("http", at)) != out.npos; at += 4) out.replace(at, 4, "hxxp");
    return out;
  }
  return {};
}

struct Opening {
  NoticeKind kind;
  std::string_view subject;
  std::string_view text;
};
// {0}: category title, {1}: service name, {2}: provider
constexpr std::array kOpenings{
    Opening{NoticeKind::opened, "Please look at your server {1}: {0} reported",
            "we received a report that your server {1} is doing harm to others ({0}). Most servers in such a\n"
            "case were broken into without their owner noticing: you have probably done nothing wrong, and we\n"
            "are here to help you put it right."},
    Opening{NoticeKind::reminder, "A reminder about your server {1}",
            "this is a reminder: the case about your server {1} ({0}) is still waiting. If you are stuck, write\n"
            "in the ticket what you found so far, and we will point you to the next step."},
    Opening{NoticeKind::overdue, "The deadline for your server {1} has passed",
            "the deadline in the case about your server {1} ({0}) has passed. Please look at it now. If you are\n"
            "stuck, write in the ticket what you found so far, and we will point you to the next step."},
    Opening{NoticeKind::reply, "We answered in the case about your server {1}",
            "the Abuse Team of {2} answered in the case about your server {1}:"},
    Opening{NoticeKind::refused, "Your server {1} needs another look",
            "thank you for working on your server {1}. We could not confirm that the problem is solved. Here is\n"
            "why, and the fix clock goes on where it stood:"},
    Opening{NoticeKind::closed, "The case about your server {1} is closed",
            "the case about your server {1} ({0}) is closed. Thank you for taking care of it."},
    Opening{NoticeKind::reopened, "The case about your server {1} is open again",
            "the case about your server {1} ({0}) is open again, because the problem seems to have come back:"},
    Opening{NoticeKind::measure, "A protective measure on your server {1}",
            "to stop further harm we had to limit your server {1} for now:"},
    Opening{NoticeKind::lifted, "A measure on your server {1} was lifted", "a measure on your server {1} was lifted:"},
    Opening{NoticeKind::pointer, "Where your case lives",
            "thank you for your message. So that nothing of your case is lost, everything about it is kept in its\n"
            "ticket. Our team has your message; please go on in the ticket, after signing in:"},
};

const Opening& opening_of(NoticeKind kind) {
  const auto* found = std::ranges::find(kOpenings, kind, &Opening::kind);
  return found != kOpenings.end() ? *found : kOpenings.front();
}

std::string incidents_part(const Ticket& ticket, const std::vector<KeptIncident>& incidents) {
  std::string out = "What was reported\n";
  for (const KeptIncident& kept : incidents) {
    out += fmt::format("\n  - {} ({})\n    where: {}\n    when:  {}\n", category_title(kept.incident.category),
                       escape_terminal(shorten(kept.incident.type, 100)), where_of(kept.incident), when_of(kept));
    if (const std::string excerpt = excerpt_of(kept.incident); !excerpt.empty() && incidents.size() <= 3)
      out += "    evidence:\n" + excerpt;
  }
  if (ticket.incident_count > incidents.size())
    out += fmt::format("\n  and {} more: the ticket shows them all.\n", ticket.incident_count - incidents.size());
  return out + "\n";
}

std::string work_part(const Ticket& ticket) {
  std::string out = "What to do\n\n";
  for (std::size_t i = 0; i < ticket.required_actions.size(); ++i)
    out += fmt::format("  {}. {}\n", i + 1, ticket.required_actions[i]);
  out += "\nBy when\n\n";
  if (ticket.respond_by && !ticket.answered_at)
    out += fmt::format("  Please answer by {}.\n", format_for_people(*ticket.respond_by));
  if (ticket.fix_by && ticket.state != TicketState::claimed)
    out += fmt::format("  Please have it fixed by {}. An answer alone does not stop this clock; a fix does.\n",
                       format_for_people(*ticket.fix_by));
  return out + "\n";
}

// How the sweep is run, by whoever has it.
std::string sweep_part(const TicketLink& link) {
  return fmt::format(
      "To find the cause on the server, run abate there with this link. It shows what it would change, and changes\n"
      "nothing before you say so:\n\n  abate --ticket '{}'\n\n"
      "The link opens this ticket only, to whoever has it, until {}. Please keep it to yourself.\n\n",
      link.url, format_for_people(link.until));
}

// The HTML part is the text, in paragraphs: everything escaped, one link, no pictures, nothing fetched.
std::string html_of(const std::string& text, const std::string& link) {
  std::string body = escape_html(text);
  const std::string shown = escape_html(link);
  // The line that it stands on alone; the command that names it too is text.
  if (const std::size_t at = body.find("\n  " + shown + "\n"); at != body.npos)
    body.replace(at + 3, shown.size(), fmt::format("<a href=\"{0}\">{0}</a>", shown));
  return "<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\"></head>"
         "<body><div style=\"font-family:sans-serif;font-size:15px;line-height:1.5;max-width:44em;"
         "white-space:pre-wrap\">" +
         body + "</div></body></html>\n";
}

std::string crlf(std::string_view text) {
  std::string out;
  for (const std::string_view raw : split(text, '\n')) {
    if (!out.empty() || raw.data() != text.data()) out += "\r\n";
    out += raw.ends_with('\r') ? raw.substr(0, raw.size() - 1) : raw;
  }
  return out;
}

// As it stands where every mail server can carry it, so that it can be read in any log; else base64.
std::string body_part(std::string_view text) {
  const std::string lines = crlf(text);
  const auto plain = [](std::string_view line) {
    return line.size() <= kPlainLineMax && std::ranges::all_of(line, [](char c) { return c > 0; });
  };
  if (std::ranges::all_of(split(lines, '\n'), plain)) return "Content-Transfer-Encoding: 7bit\r\n\r\n" + lines + "\r\n";
  const std::string raw = base64_encode(lines);
  std::string out = "Content-Transfer-Encoding: base64\r\n\r\n";
  for (std::size_t at = 0; at < raw.size(); at += kEncodedLine) out += raw.substr(at, kEncodedLine) + "\r\n";
  return out;
}

// A header's words, RFC 2047 where they are not plain: pieces short enough, never cutting a character.
std::string header_text(std::string_view text) {
  const bool plain = std::ranges::all_of(text, [](char c) { return c >= 0x20 && c < 0x7F; });
  if (plain && text.size() < kPlainSubjectMax && !text.starts_with("=?")) return std::string{text};
  std::string out;
  while (!text.empty()) {
    std::size_t end = std::min<std::size_t>(text.size(), 42);
    while (end < text.size() && end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
    if (!out.empty()) out += "\r\n ";
    out += "=?utf-8?B?" + base64_encode(text.substr(0, end)) + "?=";
    text.remove_prefix(end);
  }
  return out;
}

std::string marked_html(const std::string& html, const std::string& mark) {
  const std::size_t end = html.rfind("</body>");
  const std::string line = "<p>" + escape_html(mark) + "</p>\n";
  return end == html.npos ? html + line : html.substr(0, end) + line + html.substr(end);
}

}  // namespace

bool asks_for_work(NoticeKind kind) {
  switch (kind) {
    case NoticeKind::opened:
    case NoticeKind::reminder:
    case NoticeKind::overdue:
    case NoticeKind::refused:
    case NoticeKind::reopened:
    case NoticeKind::measure: return true;
    default: return false;
  }
}

NoticeText compose_notice(const Provider& provider, const Ticket& ticket, NoticeKind kind,
                          const std::vector<KeptIncident>& incidents, const std::string& says,
                          const std::optional<TicketLink>& link, Instant now) {
  const Opening& opening = opening_of(kind);
  const std::string service = escape_terminal(ticket.service.name.empty() ? ticket.service.id : ticket.service.name);
  const std::string title{category_title(ticket.category)};
  NoticeText out;
  out.subject = fmt::format(fmt::runtime(opening.subject), title, service, provider.name);
  if (kind != NoticeKind::pointer) out.subject = fmt::format("[{}] {}", ticket.id, out.subject);
  out.text = fmt::format("Hello{},\n\n", ticket.customer.name.empty() || kind == NoticeKind::pointer
                                             ? ""
                                             : " " + escape_terminal(ticket.customer.name));
  out.text += fmt::format(fmt::runtime(opening.text), title, service, provider.name) + "\n\n";
  if (!says.empty()) {
    for (const std::string_view line : split(says, '\n')) out.text += "  " + escape_terminal(trim(line)) + "\n";
    out.text += "\n";
  }
  if (asks_for_work(kind)) out.text += incidents_part(ticket, incidents) + work_part(ticket);
  if (kind == NoticeKind::closed && ticket.probation_until)
    out.text += fmt::format(
        "We keep an eye on it until {}. If the problem comes back before then, this same case\n"
        "opens again.\n\n",
        format_for_people(*ticket.probation_until));
  const std::string url = kind == NoticeKind::pointer ? provider.public_url + "/tickets"
                          : link                      ? link->url
                                                      : ticket_url(provider, ticket.id);
  if (kind != NoticeKind::pointer) {
    out.text += fmt::format("Ticket {} about {}", ticket.id, service);
    for (const IpAddress& address : ticket.addresses) {
      out.text += &address == ticket.addresses.data() ? " (" : ", ";
      out.text += address.to_string();
    }
    if (!ticket.addresses.empty()) out.text += ")";
    out.text += ". You can answer this mail, or write in the ticket itself:\n\n";
  }
  out.text += "  " + url + "\n\n";
  if (link) out.text += sweep_part(*link);
  out.text += fmt::format("Written on {}\nThe Abuse Team of {}\n", format_for_people(now), provider.name);
  out.html = html_of(out.text, url);
  return out;
}

std::string compose_message(const Provider& provider, const Notice& notice, const NoticeText& text,
                            const std::string& reply_to, const std::vector<std::string>& references, Instant now) {
  const std::string boundary = "abate-" + notice.token;
  std::string out;
  out += "From: " + provider.mail_from + "\r\n";
  out += "To: <" + notice.to + ">\r\n";
  out += "Subject: " + header_text(text.subject) + "\r\n";
  out += "Date: " + format_rfc5322(now) + "\r\n";
  out += "Message-ID: <" + notice.message_id + ">\r\n";
  out += "Reply-To: <" + reply_to + ">\r\n";
  for (const std::string& reference : references)
    out += (&reference == references.data() ? "References: <" : "\r\n <") + reference + ">";
  if (!references.empty()) out += "\r\n";
  // RFC 3834 section 5: a program wrote it, so no program should answer it.
  out += "Auto-Submitted: auto-generated\r\nX-Auto-Response-Suppress: All\r\n";
  if (!notice.ticket_id.empty()) out += "X-Abate-Ticket: " + notice.ticket_id + "\r\n";
  out += "MIME-Version: 1.0\r\nContent-Type: multipart/alternative; boundary=\"" + boundary + "\"\r\n\r\n";
  for (const auto& [subtype, body] : {std::pair{"plain", &text.text}, std::pair{"html", &text.html}}) {
    out += "--" + boundary + "\r\nContent-Type: text/" + subtype + "; charset=utf-8\r\n";
    // By its last line a notice is known again when it comes back quoted or forwarded (desk/thread_mail.cc).
    const std::string mark = "Reference: " + notice.message_id.substr(0, notice.message_id.rfind('@'));
    out += body_part(body == &text.text ? *body + mark + "\n" : marked_html(*body, mark));
  }
  return out + "--" + boundary + "--\r\n";
}

}  // namespace abate::desk
