// SPDX-License-Identifier: Apache-2.0
#include "reading/prose/body.h"

#include <algorithm>

#include "base/text.h"
#include "reading/archive.h"
#include "reading/mime/charset.h"
#include "reading/values.h"

namespace abate::reading::prose {
namespace {

constexpr std::size_t kHeaderLineBytesMax = 400;

std::string domain_part(std::string_view mail) {
  const auto at = mail.rfind('@');
  return at == std::string_view::npos ? std::string() : to_lower(mail.substr(at + 1));
}

void add_domain(std::vector<std::string>& all, std::string domain) {
  if (!domain.empty() && std::find(all.begin(), all.end(), domain) == all.end()) all.push_back(std::move(domain));
}

// A Date without a zone, when the mail was taken in within minutes of it read as UTC, was written in UTC.
std::optional<std::chrono::minutes> proved_zone(const Message& mail, Instant date) {
  for (const std::string& field : mail.headers("Received")) {
    const auto semicolon = field.rfind(';');
    if (semicolon == std::string::npos) continue;
    const auto taken = time_of(std::string_view(field).substr(semicolon + 1));
    if (!taken || !taken->zoned) continue;
    const auto gap = taken->at > date ? taken->at - date : date - taken->at;
    if (gap < std::chrono::minutes{5}) return std::chrono::minutes{0};
  }
  return std::nullopt;
}

std::optional<Instant> received_at(const Message& mail) {
  for (const std::string& field : mail.headers("Received")) {
    const auto semicolon = field.rfind(';');
    if (semicolon == std::string::npos) continue;
    if (const auto taken = time_of(std::string_view(field).substr(semicolon + 1))) return taken->at;
  }
  return std::nullopt;
}

void date_of(Body& body, const Message& mail) {
  const std::string date = mail.header("Date");
  const auto time = time_of(date);
  body.around = time ? std::optional(time->at) : received_at(mail);
  if (!time) return;
  if (time->zoned) {
    // The wall clock is what stands before the zone.
    const std::string_view text = trim(date);
    for (std::size_t end = text.size(); end > 8; --end) {
      if (text[end - 1] != ' ') continue;
      const auto bare = time_of(text.substr(0, end - 1));
      if (!bare || bare->zoned) continue;
      body.dated = bare->at;
      body.dated_east = std::chrono::duration_cast<std::chrono::minutes>(bare->at - time->at);
      break;
    }
  } else {
    body.dated = time->at;
    body.dated_east = proved_zone(mail, time->at);
  }
}

std::string_view line_at(std::string_view text, std::size_t at) {
  return text.substr(at, std::min(text.find('\n', at), text.size()) - at);
}

// "Name: value" as in a mail's header.
bool is_header_line(std::string_view line) {
  const auto colon = line.find(':');
  if (colon == std::string_view::npos || colon == 0 || colon > 40) return false;
  for (const char c : line.substr(0, colon))
    if (c <= ' ' || c >= 0x7f) return false;
  return true;
}

bool begins_evidence(std::string_view line) {
  for (const std::string_view name : {"received:", "return-path:", "delivered-to:", "x-apparently-to:", "arc-seal:",
                                      "authentication-results:", "dkim-signature:", "x-original-to:", "received-spf:"})
    if (starts_with_ignoring_case(line, name)) return true;
  return false;
}

// An answer quotes what it answers: that was said before, by another.
bool is_answer(const Message& mail, std::string_view subject) {
  if (!mail.has_header("In-Reply-To") && !mail.has_header("References")) return false;
  for (const std::string_view mark : {"re:", "aw:", "antw:", "sv:", "odp:", "vs:", "ref:", "rép:", "rif:", "回复:"})
    if (starts_with_ignoring_case(trim(subject), mark)) return true;
  return false;
}

// Quote marks and carriage returns gone, line for line; with `without_quotes`, what is quoted too.
std::string plain_lines(std::string_view text, bool without_quotes) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    auto end = text.find_first_of("\r\n", at);
    if (end == std::string_view::npos) end = text.size();
    std::string_view line = text.substr(at, end - at);
    if (without_quotes && trim(line).starts_with('>')) line = {};
    while (line.starts_with('>')) {
      line.remove_prefix(1);
      if (line.starts_with(' ')) line.remove_prefix(1);
    }
    out += line;
    out += '\n';
    at = end + (text.substr(end).starts_with("\r\n") ? 2 : 1);
  }
  return out;
}

// A head like "Thu Jan 02 03:05:00 2026: Request 1 was acted upon." to the line with the ticket's link becomes empty
// lines, so that the others keep their number.
std::string without_desk_head(std::string text, std::string& originator) {
  const auto acted = text.find(" was acted upon");
  if (acted == std::string::npos) return text;
  const auto link = text.find("Ticket <URL:", acted);
  if (link == std::string::npos || link - acted > 4'000) return text;
  const auto requestors = text.find("Requestors:", acted);
  if (requestors < link)
    for (const Address& address : parse_addresses(line_at(text, requestors + 11))) originator = address.mail;
  const auto before = text.rfind('\n', acted);
  const std::size_t begin = before == std::string::npos ? 0 : before + 1;
  const std::size_t end = std::min(text.find('\n', link), text.size());
  const auto lines = std::count(text.begin() + static_cast<std::ptrdiff_t>(begin),
                                text.begin() + static_cast<std::ptrdiff_t>(end), '\n');
  return text.substr(0, begin) + std::string(static_cast<std::size_t>(lines), '\n') + text.substr(end);
}

constexpr auto kForwardMarks = std::to_array<std::string_view>(
    {"forwarded message", "original message", "begin forwarded", "weitergeleitete nachricht", "ursprüngliche nachricht",
     "message transféré", "message transf", "message d'origine", "mensaje reenviado", "mensaje original",
     "messaggio inoltrato", "doorgestuurd bericht", "przekazana wiadomo", "původní zpráva", "přeposlaná zpráva",
     "videresendt", "mensagem encaminhada", "пересылаемое сообщение"});

bool is_forward_mark(std::string_view line) {
  if (line.size() > 120) return false;
  for (const std::string_view mark : kForwardMarks)
    if (contains_ignoring_case(line, mark)) return true;
  return false;
}

// The few header lines behind a forwarding mark go; the Subject among them is kept with the subjects.
std::string without_forward_heads(std::string_view text, std::string& subjects) {
  std::string out;
  bool in_head = false;
  std::size_t head_lines = 0;
  for (std::size_t at = 0; at < text.size();) {
    const std::string_view line = line_at(text, at);
    at += line.size() + 1;
    if (is_forward_mark(line)) {
      in_head = true;
      head_lines = 0;
      out += '\n';
      continue;
    }
    if (in_head) {
      const std::string_view bare = trim(line);
      if (bare.empty() && head_lines == 0) {
        out += '\n';
        continue;
      }
      const std::string_view name = bare.substr(0, bare.find(':'));
      const bool evidence = begins_evidence(bare);
      if (!evidence && bare.find(':') != std::string_view::npos && name.size() < 20 && ++head_lines < 12) {
        for (const std::string_view subject : {"subject", "betreff", "objet", "asunto", "oggetto", "onderwerp", "temat",
                                               "předmět", "assunto", "emne", "тема"})
          if (starts_with_ignoring_case(name, subject)) subjects += std::string(bare.substr(name.size() + 1)) + '\n';
        continue;
      }
      in_head = false;
    }
    out += line;
    out += '\n';
  }
  return out;
}

// Cuts a quoted mail (its header, then its body to the end) out of the text.
void take_evidence(Body& body) {
  std::size_t at = 0;
  while (at < body.text.size()) {
    const std::string_view line = line_at(body.text, at);
    if (begins_evidence(trim(line))) break;
    at += line.size() + 1;
  }
  if (at >= body.text.size()) return;
  std::size_t fields = 0;
  std::size_t end = at;
  while (end < body.text.size()) {
    const std::string_view line = line_at(body.text, end);
    if (trim(line).empty()) break;
    if (is_header_line(trim(line))) ++fields;
    end += line.size() + 1;
    if (line.size() > kHeaderLineBytesMax * 20) break;
  }
  const bool received = contains_ignoring_case(std::string_view(body.text).substr(at, end - at), "received:");
  if (fields < 2 || !received) return;
  const std::size_t begin = body.text.substr(at, 1) == " " ? body.text.find_first_not_of(' ', at) : at;
  body.evidence = body.text.substr(begin, std::min(end - begin, kEvidenceHeadBytesMax));
  body.text.resize(at);
}

// What an answer carries along below "Original message": said before, as what it quotes.
std::string without_answered(std::string text) {
  for (std::size_t at = 0; at < text.size();) {
    const std::string_view line = line_at(text, at);
    const bool mark = trim(line).starts_with("--") || trim(line).starts_with("__");
    if (mark && is_forward_mark(line) && !contains_ignoring_case(line, "forward")) {
      text.resize(at);
      break;
    }
    at += line.size() + 1;
  }
  return text;
}

void add_text(Body& body, std::string text, std::string name) {
  if (trim(text).empty()) return;
  if (body.answers) text = without_answered(std::move(text));
  text = without_forward_heads(without_desk_head(std::move(text), body.originator), body.subject);
  if (body.text.size() + text.size() > kProseBytesMax) {
    body.cut = true;
    text.resize(kProseBytesMax - std::min(body.text.size(), kProseBytesMax));
  }
  body.pieces.push_back({body.text.size(), std::move(name)});
  body.text += text;
  if (!body.text.ends_with('\n')) body.text += '\n';
}

bool is_text_file(const Part& part) {
  if (part.type == "text/plain" || part.type == "text/x-log" || part.type == "text/csv") return true;
  const std::string name = to_lower(part.name);
  return part.type == "application/octet-stream" && (name.ends_with(".txt") || name.ends_with(".log"));
}

// Logs that somebody packed before he attached them.
void add_archive(Body& body, std::string_view bytes, const Part& part, const std::string& name) {
  Warnings unheard;  // the table format says them
  for (const ArchivedFile& file : open_archive(bytes, unheard)) {
    std::string lower = to_lower(file.name.empty() ? part.name : file.name);  // gzip often names none: "fw.log.gz"
    if (lower.ends_with(".gz")) lower.resize(lower.size() - 3);
    const bool text = lower.ends_with(".txt") || lower.ends_with(".log") || lower.ends_with(".csv");
    if (text && file.bytes.find('\0') == std::string::npos)
      add_text(body,
               plain_lines(decode_charset(std::string_view(file.bytes).substr(0, kProseBytesMax), "").text, false),
               fmt::format("{}, {}", name, file.name));
  }
}

void add_parts(Body& body, const Message& mail) {
  const auto& parts = mail.parts();
  const bool answer = body.answers;
  const bool plain = std::any_of(parts.begin(), parts.end(), [&](const Part& part) {
    const auto index = static_cast<std::size_t>(&part - parts.data());
    return part.type == "text/plain" && !part.inside_message && trim(mail.text(index, 400)).size() > 20;
  });
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const Part& part = parts[i];
    if (part.inside_message) continue;
    const bool html = part.type == "text/html" && !plain && !part.attached;
    if (is_text_file(part) || html)
      add_text(body, plain_lines(mail.text(i, kProseBytesMax), answer), fmt::format("part {}", i + 1));
    if (part.type.starts_with("application/") && looks_like_archive(mail.content(i)))
      add_archive(body, mail.content(i), part, fmt::format("part {}", i + 1));
    const bool inner = part.type == "message/rfc822" || part.type == "text/rfc822-headers";
    if (inner && body.evidence.empty()) {
      body.evidence = make_valid_utf8(mail.content(i).substr(0, kEvidenceHeadBytesMax));
      body.evidence_attached = true;
    }
  }
}

}  // namespace

Body body_of(const Input& input) {
  Body body;
  if (const Message* mail = input.message()) {
    const MailFacts& facts = input.facts();
    body.subject = facts.subject + '\n';
    body.answers = is_answer(*mail, facts.subject);
    date_of(body, *mail);
    add_parts(body, *mail);
    add_domain(body.own_domains, domain_part(facts.from_address));
    for (const char* name : {"Reply-To", "Sender", "X-RT-Originator"})
      if (mail->has_header(name))
        for (const Address& address : mail->addresses(name)) {
          add_domain(body.own_domains, domain_part(address.mail));
          if (std::string_view(name) == "X-RT-Originator") body.originator = address.mail;
        }
    for (const std::string& recipient : facts.recipients) add_domain(body.their_domains, domain_part(recipient));
  } else {
    const std::string_view bytes = input.bytes().substr(0, kProseBytesMax);
    body.cut = bytes.size() < input.bytes().size();
    add_text(body, plain_lines(decode_charset(bytes, "").text, false), "text");
  }
  if (body.evidence.empty()) take_evidence(body);
  if (!body.evidence.empty()) body.evidence_subject = Fields::parse(body.evidence, true).get("Subject");
  for (std::size_t at = body.text.find('\n'); at != std::string::npos; at = body.text.find('\n', at + 1))
    body.line_ends.push_back(at);
  return body;
}

namespace {

const Body::Piece* piece_of(const Body& body, std::size_t at) {
  const Body::Piece* found = nullptr;
  for (const Body::Piece& piece : body.pieces)
    if (piece.begin <= at) found = &piece;
  return found;
}

// From 1, in its part.
std::ptrdiff_t line_number(const Body& body, const Body::Piece* piece, std::size_t at) {
  const auto ends_before = [&](std::size_t place) {
    return std::ranges::lower_bound(body.line_ends, place) - body.line_ends.begin();
  };
  return 1 + std::max<std::ptrdiff_t>(0, ends_before(at) - ends_before(piece == nullptr ? 0 : piece->begin));
}

}  // namespace

std::string place_of(const Body& body, std::size_t at) { return places_of(body, {at}); }

std::string places_of(const Body& body, const std::vector<std::size_t>& places) {
  const Body::Piece* piece = piece_of(body, places.empty() ? 0 : places.front());
  std::string runs;
  std::size_t count = 0;
  std::ptrdiff_t first = 0;
  std::ptrdiff_t last = 0;
  const auto add_run = [&] {
    if (last == 0) return;
    runs += runs.empty() ? "" : ", ";
    runs += first == last ? std::to_string(first) : fmt::format("{}-{}", first, last);
  };
  for (const std::size_t at : places) {
    if (piece_of(body, at) != piece || count >= kPlacesNamedMax) break;  // those of one part have one count
    const std::ptrdiff_t line = line_number(body, piece, at);
    if (line == last) continue;
    ++count;
    if (line != last + 1 || last == 0) {
      add_run();
      first = line;
    }
    last = line;
  }
  add_run();
  const bool several = runs.find_first_not_of("0123456789") != std::string::npos;
  return fmt::format("{}, {} {}", piece == nullptr ? "text" : piece->name, several ? "lines" : "line", runs);
}

}  // namespace abate::reading::prose
