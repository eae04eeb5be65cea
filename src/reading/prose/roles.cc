// SPDX-License-Identifier: Apache-2.0
#include "reading/prose/roles.h"

#include "base/text.h"
#include "reading/prose/left.h"
#include "reading/prose/letters.h"

namespace abate::reading::prose {
namespace {

constexpr std::size_t kLeftBytesMax = 100;
constexpr std::size_t kRightBytesMax = 70;
constexpr std::size_t kLineBytesMax = 4'096;  // of a line are looked at for its shape
constexpr std::size_t kNetworksMax = 64;      // that the text says were attacked
constexpr int kHeadingLinesMax = 40;          // searched upwards for a heading

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_blank(char c) { return c == ' ' || c == '\t'; }

struct Line {
  std::size_t begin;
  std::size_t end;
};

Line line_of(std::string_view text, std::size_t at) {
  const auto before = at == 0 ? std::string_view::npos : text.rfind('\n', at - 1);
  const auto after = text.find('\n', at);
  return {before == std::string_view::npos ? 0 : before + 1, after == std::string_view::npos ? text.size() : after};
}

bool has_request(std::string_view text) {
  for (const std::string_view verb :
       {"\"GET ", "\"POST ", "\"HEAD ", "\"PUT ", "\"OPTIONS ", "\"CONNECT ", "\"DELETE ", "\"PROPFIND ", "\"PATCH "})
    if (text.find(verb) != std::string_view::npos) return true;
  return false;
}

// " 5  core1.example.net (192.0.2.1)  12.3 ms"
bool is_hop(std::string_view line) {
  std::string_view rest = trim(line);
  std::size_t digits = 0;
  while (digits < rest.size() && is_digit(rest[digits])) ++digits;
  if (digits == 0 || digits > 2 || digits >= rest.size() ||
      (rest[digits] != ' ' && rest[digits] != '\t' && rest[digits] != '.' && rest[digits] != '|'))
    return false;
  return rest.find(" ms") != std::string_view::npos || rest.find("* * *") != std::string_view::npos ||
         rest.find(".|--") != std::string_view::npos;
}

bool is_whois(std::string_view line) {
  for (const std::string_view name :
       {"inetnum:", "inet6num:", "netrange:", "cidr:", "route:", "route6:", "nserver:", "name server:", "aut-num:"})
    if (starts_with_ignoring_case(trim(line), name)) return true;
  return false;
}

enum class Arrow : unsigned char { none, right, left };

Arrow arrow_in(std::string_view between) {
  if (between.size() > 80) return Arrow::none;
  for (const std::string_view form : {"<->", "<-->", "<=>", "<>"})
    if (between.find(form) != std::string_view::npos) return Arrow::none;
  for (const std::string_view form : {" > ", "->", "=>", "→", ">>", " &gt; "})
    if (between.find(form) != std::string_view::npos) return Arrow::right;
  for (const std::string_view form : {" < ", "<-", "←"})
    if (between.find(form) != std::string_view::npos) return Arrow::left;
  return Arrow::none;
}

bool is_endpoint(const Token& token) {
  return token.kind == TokenKind::address || token.kind == TokenKind::masked || token.kind == TokenKind::network;
}

struct Place {
  std::string_view text;
  const std::vector<Token>& tokens;
  std::size_t index;
  Line line;
  [[nodiscard]] const Token& token() const { return tokens[index]; }
  [[nodiscard]] std::string_view whole() const {
    return text.substr(line.begin, std::min(line.end - line.begin, kLineBytesMax));
  }
  [[nodiscard]] std::string_view left() const {
    const std::size_t from = std::max(line.begin, token().begin > kLeftBytesMax ? token().begin - kLeftBytesMax : 0);
    return text.substr(from, token().begin - from);
  }
  [[nodiscard]] std::string_view right() const {
    return text.substr(token().end, std::min(line.end - token().end, kRightBytesMax));
  }
};

Verdict by_shape(const Place& place) {
  if (is_hop(place.whole()) || is_whois(place.whole())) return {Role::neutral, 9, "a hop or a registry's line"};
  const Token& token = place.token();
  if (place.index + 1 < place.tokens.size()) {
    const Token& next = place.tokens[place.index + 1];
    if (is_endpoint(next) && next.begin < place.line.end) {
      const Arrow arrow = arrow_in(place.text.substr(token.end, next.begin - token.end));
      if (arrow == Arrow::right) return {Role::culprit, 8, "traffic flows from it"};
      if (arrow == Arrow::left) return {Role::victim, 8, "traffic flows to it"};
    }
  }
  if (place.index > 0) {
    const Token& before = place.tokens[place.index - 1];
    if (is_endpoint(before) && before.begin >= place.line.begin) {
      const Arrow arrow = arrow_in(place.text.substr(before.end, token.begin - before.end));
      if (arrow == Arrow::right) return {Role::victim, 8, "traffic flows to it"};
      if (arrow == Arrow::left) return {Role::culprit, 8, "traffic flows from it"};
    }
  }
  const std::string_view right = place.right();
  for (const std::string_view verb : {" GET ", " POST ", " HEAD ", " PUT "})  // the server's own address in IIS logs
    if (right.starts_with(verb) && is_digit(place.whole().empty() ? ' ' : place.whole().front()) &&
        place.index + 1 < place.tokens.size())
      return {Role::victim, 8, "the server's own address"};
  const bool request = has_request(place.whole()) || place.whole().find(" - - [") != std::string_view::npos;
  const std::string_view left = place.left();
  const bool leads = trim(left).size() <= 1 || (left.size() < 70 && left.find('"') == std::string_view::npos &&
                                                trim(left).find(' ') == std::string_view::npos);
  if (request && leads) {
    // "SERVER CLIENT - [" of virtual hosts and proxies; "CLIENT, PROXY - - [" of X-Forwarded-For.
    const auto beside = [&](const Token& first, const Token& second, std::string_view between) {
      return is_endpoint(first) && is_endpoint(second) && first.begin >= place.line.begin &&
             second.begin < place.line.end && place.text.substr(first.end, second.begin - first.end) == between;
    };
    if (place.index + 1 < place.tokens.size() && beside(token, place.tokens[place.index + 1], " "))
      return {Role::neutral, 8, "the host that was asked, or a proxy"};
    if (place.index > 0 && beside(place.tokens[place.index - 1], token, ", ")) return {Role::neutral, 8, "a proxy"};
    return {Role::culprit, 8, std::string(kClientReason)};
  }
  return {};
}

// "Source IP: 192.0.2.1", "| Host | 192.0.2.1 |": the words from the begin of the line to a mark.
bool is_labelled(const Place& place) {
  if (place.token().begin - place.line.begin > 60) return false;
  std::string_view left = place.text.substr(place.line.begin, place.token().begin - place.line.begin);
  while (!left.empty() && (is_blank(left.back()) || left.back() == '[' || left.back() == '"' || left.back() == '(' ||
                           left.back() == '*' || left.back() == '`'))
    left.remove_suffix(1);
  if (left.empty() || left.size() > 48) return false;
  const char mark = left.back();
  if (mark != ':' && mark != '|' && mark != '=' && mark != '>' && !left.ends_with(" -") && !left.ends_with(".."))
    return false;
  left.remove_suffix(1);
  return left.find(": ") == std::string_view::npos && left.find('=') == std::string_view::npos &&
         std::count(left.begin(), left.end(), ' ') <= 7;
}

// "Server: ", "| Host | "
bool names_just(std::string_view left, std::string_view noun) {
  const auto mark = [](char c) { return c == ' ' || c == ':' || c == '|' || c == '*' || c == '=' || c == '\t'; };
  while (!left.empty() && mark(left.back())) left.remove_suffix(1);
  while (!left.empty() && mark(left.front())) left.remove_prefix(1);
  return equals_ignoring_case(left, noun);
}

bool is_alone(const Place& place) {
  const std::string_view left = trim(place.text.substr(place.line.begin, place.token().begin - place.line.begin));
  std::string_view right = trim(place.text.substr(place.token().end, place.line.end - place.token().end));
  while (!right.empty() && (right.front() == ',' || right.front() == ';' || right.front() == ']'))
    right.remove_prefix(1);
  const bool bullet = left.empty() || left == "-" || left == "*" || left == "•" || left == "[" || left == "o" ||
                      left == "+" || left == "#" ||
                      (left.size() <= 4 && is_digit(left.front()) && (left.ends_with('.') || left.ends_with(')')));
  return bullet && (right.empty() || right.front() == '(' || right.front() == '#');
}

// The first cell of a row: "192.0.2.1 | 2026-10-09 00:10:00", "192.0.2.1, 22, 5 times".
bool leads_a_row(const Place& place) {
  const std::string_view left = trim(place.text.substr(place.line.begin, place.token().begin - place.line.begin));
  const std::string_view right = place.text.substr(place.token().end, place.line.end - place.token().end);
  const bool clock = left.size() <= 30 && !left.empty() && is_digit(left.front()) &&
                     left.find_first_not_of("0123456789:-/.TZ ,|;") == std::string_view::npos &&
                     left.find(':') != std::string_view::npos;
  if (!left.empty() && left != "|" && left != "-" && left != "*" && left != "\"" && !clock) return false;
  for (const std::string_view mark : {" |", "|", "\t", "  ", ",", ";", " - ", ":", " ; ", "\"", " ("})
    if (right.starts_with(mark)) return true;
  return false;
}

// What parts the cells of a row, or NUL.
char separator_of(std::string_view line) {
  if (line.find('|') != std::string_view::npos) return '|';
  for (const char mark : {'\t', ';', ','})
    if (std::count(line.begin(), line.end(), mark) >= 2) return mark;
  return trim(line).find("  ") != std::string_view::npos ? ' ' : '\0';  // columns drawn with blanks
}

std::vector<std::string_view> cells_of(std::string_view line, char separator) {
  line = trim(line);
  if (separator == ' ') {
    std::vector<std::string_view> cells;
    while (!line.empty()) {
      const auto end = std::min(line.find("  "), line.size());
      cells.push_back(line.substr(0, end));
      line = trim(line.substr(end));
    }
    return cells;
  }
  if (line.starts_with(separator)) line.remove_prefix(1);
  return split(line, separator);
}

// In a table drawn with "|", or in rows with commas: the heading of its column.
Verdict by_column(const Place& place) {
  const std::string_view line = place.whole();
  if (place.token().begin - place.line.begin > line.size()) return {};
  const char separator = separator_of(line);
  if (separator == '\0') return {};
  const std::size_t columns = cells_of(line, separator).size();
  const std::string_view before = line.substr(0, place.token().begin - place.line.begin);
  const auto bars =
      separator == ' '
          ? static_cast<std::ptrdiff_t>(trim(before).empty() ? 0 : cells_of(before, ' ').size())
          : std::count(before.begin(), before.end(), separator) - (trim(line).starts_with(separator) ? 1 : 0);
  const auto index = static_cast<std::size_t>(std::max<std::ptrdiff_t>(bars, 0));
  std::size_t at = place.line.begin;
  for (int back = 0; back < kHeadingLinesMax && at > 0; ++back) {
    const Line above = line_of(place.text, at - 1);
    at = above.begin;
    const auto cells = cells_of(place.text.substr(above.begin, above.end - above.begin), separator);
    if (separator != '|' && cells.size() != columns) continue;
    if (cells.size() + 1 < columns || cells.size() > columns + 1 || index >= cells.size() || columns < 2) continue;
    const std::string_view cell = trim(cells[index]);
    if (cell.empty() || is_digit(cell.front()) || cell.size() > 40) continue;
    if (std::ranges::count_if(cell, is_digit) >= 4) continue;  // the row above, no heading
    Verdict verdict = by_left(fmt::format("{} ", cell));
    if (verdict.role != Role::unknown) {
      verdict.weight = std::max(verdict.weight, 6);
      verdict.word = fmt::format("{}{}", kColumn, cell);
      return verdict;
    }
  }
  return {};
}

// Under a heading: "Attacking hosts:", "Our servers:".
Verdict by_heading(const Place& place) {
  std::size_t at = place.line.begin;
  for (int back = 0; back < kHeadingLinesMax && at > 0; ++back) {
    const Line line = line_of(place.text, at - 1);
    at = line.begin;
    const std::string_view text = trim(place.text.substr(line.begin, line.end - line.begin));
    if (text.size() < 3 || is_digit(text.front()) || text.find_first_not_of("-=_*+# ") == std::string_view::npos)
      continue;
    const std::string_view first = text.substr(0, text.find(' '));
    if (first.find(':') != std::string_view::npos && parse_ip(first)) continue;
    std::string lower = ' ' + to_lower(text) + ' ';
    for (char& c : lower)
      if (c == ':' || c == ',' || c == '(' || c == ')' || c == '.') c = ' ';
    for (const std::string_view word : {" removed ", " delisted ", " no longer ", " for reference", " not in your "})
      if (lower.find(word) != std::string::npos) return {Role::neutral, kWeightWord, "the heading above it"};
    for (const std::string_view word :
         {" our ", " my ", " target", " victim", " destination", " unsere ", " nos ", " nuestr"})
      if (lower.find(word) != std::string::npos && lower.find(" your ") == std::string::npos &&
          lower.find(" attack") == std::string::npos && lower.find("source") == std::string::npos)
        return {Role::victim, kWeightNamed, "the heading above it"};
    return {Role::culprit, text.ends_with(':') ? 5 : kWeightNamed, std::string(kListed)};
  }
  return {Role::culprit, kWeightNamed, std::string(kListed)};
}

// What is said of it behind it.
int behind(std::string_view right, Role& role) {
  std::string lower = lowered(right);
  while (!lower.empty() && std::string_view(" ,:)]\"'*").find(lower.front()) != std::string_view::npos)
    lower.erase(0, 1);
  for (const std::string_view words :
       {"was attacked", "is under attack", "is being attacked", "was scanned", "has been attacked", "(our ", "(victim",
        "(target", "(my ", "(us)", "our server", "received ", "is our ", "is my ", "ist unser", "est notre",
        "es nuestr", "is ons", "(destination", "(dst", "(local", "wurde angegriffen", "was flooded", "talk to it",
        "connect to it", "contact it",
        // languages that say it behind the address
        "로 ", "으로 ", "에 대한", "에 대해", "를 대상", "을 대상", "へ", "に対", "宛", "címre", "ip címre",
        "szerverünk", "adresine", "ip adresine", "sunucumuz", "ip adresli sunucumuz"})
    if (lower.starts_with(words)) {
      role = Role::victim;
      return 6;
    }
  for (const std::string_view words :
       {"에서",      "로부터",       "から",          "より",       "が",           "对我",      "對我",
        "向我",      "ip címről",    "címről",        "ip címen",   "is a command", "is a c2",   "is a c&c",
        "is the c2", "is acting as", "is being used", "is used as", "hosts a ",     "is hosting"})
    if (lower.starts_with(words)) return 7;
  for (const std::string_view words :
       {"is ",        "has ",  "have ",    "was ",       "tried",   "attempt",       "attack",     "scann",
        "sent ",      "send",  "fail",     "perform",    "host",    "spam",          "infect",     "compromis",
        "particip",   "runn",  "try",      "hat ",       "versuch", "ist ",          "wurde ",     "a ",
        "est ",       "ha ",   "made ",    "(attacker",  "(source", "(src",          "(culprit",   "port ",
        "appears",    "seems", "continu",  "keeps",      "belongs", "ip adresinden", "adresinden", "ip numaral",
        "tarafından", "hit ",  "and port", "ip adresi ", "adresi "})
    if (lower.starts_with(words)) return 3;
  return 0;
}

bool joins(std::string_view between) {
  if (between.starts_with(':')) {  // the port of the one before
    between.remove_prefix(1);
    while (!between.empty() && is_digit(between.front())) between.remove_prefix(1);
  }
  if (between.size() > 8) return false;
  const std::string_view bare = trim(between);
  for (const std::string_view word :
       {",", ";", "/", "&", "and", "und", "et", "y", "e", "or", "oder", ", and", "i", "en", "и", "a", "+"})
    if (bare == word) return true;
  return false;
}

bool looks_logged(std::string_view line) {
  std::size_t digits = 0;
  for (const char c : line.substr(0, 32)) digits += is_digit(c) ? 1U : 0U;
  return digits >= 6 && line.substr(0, 40).find(':') != std::string_view::npos;
}

// nginx's host: "198.51.100.1", ModSecurity's [hostname "198.51.100.1"]: beside a client, it is the one that was asked.
bool names_served_host(std::string_view left, std::string_view line) {
  if (!contains_ignoring_case(line, "client") && !contains_ignoring_case(line, "remote_")) return false;
  Left words(left);
  const std::string word = words.next();
  return word == "host" || word == "hostname" || word == "server";
}

// "..., 192.0.2.1, 198.51.100.1, ..." in a line of a log, nothing but numbers between: from the first to the second.
Verdict by_pair(const Place& place) {
  if (!looks_logged(place.whole())) return {};
  const auto numbers = [](std::string_view between) {
    return between.size() <= 20 && between.find_first_not_of(" ,;\t0123456789:") == std::string_view::npos;
  };
  const auto stamped = [&](const Token& first) {  // a date or a clock stands before it: no list in a sentence
    const std::string_view left = place.text.substr(place.line.begin, first.begin - place.line.begin);
    for (std::size_t i = 1; i + 1 < left.size(); ++i)
      if ((left[i] == ':' || left[i] == '-' || left[i] == '/') && is_digit(left[i - 1]) && is_digit(left[i + 1]))
        return true;
    return false;
  };
  const Token& token = place.token();
  if (place.index > 0) {
    const Token& before = place.tokens[place.index - 1];
    if (is_endpoint(before) && before.begin >= place.line.begin && stamped(before) &&
        numbers(place.text.substr(before.end, token.begin - before.end)))
      return {Role::victim, 5, "it stands second in a line of a log"};
  }
  if (place.index + 1 < place.tokens.size()) {
    const Token& next = place.tokens[place.index + 1];
    if (is_endpoint(next) && next.begin < place.line.end && stamped(token) &&
        numbers(place.text.substr(token.end, next.begin - token.end)))
      return {Role::culprit, 5, "it stands first in a line of a log"};
  }
  return {};
}

// "Your IP: ..." in what a web form sends is the visitor's.
bool is_filled_form(std::string_view text) {
  return text.find("\nName:") != std::string_view::npos && text.find("\nEmail:") != std::string_view::npos;
}

Mention judge_one(const Place& place, const Mention* before) {
  Mention mention{.token = place.index, .line_begin = place.line.begin, .line_end = place.line.end, .reason = {}};
  const auto settle = [&](const Verdict& verdict, Ground ground, int weight) {
    mention.role = verdict.role;
    mention.ground = ground;
    mention.weight = std::min(weight, 10);
    mention.reason = make_valid_utf8(verdict.word);  // the words may be cut off in the middle of a letter
    return mention;
  };
  if (const Verdict shape = by_shape(place); shape.role != Role::unknown)
    return settle(shape, Ground::log_line, shape.weight);
  if (const Verdict column = by_column(place); column.role != Role::unknown)
    return settle(column, Ground::label, column.weight);
  if (const Verdict pair = by_pair(place); pair.role != Role::unknown) {
    const Verdict said = by_left(place.left());  // "Hosts attacked: 192.0.2.1, 192.0.2.2" is a list
    if (said.role != Role::victim || said.weight < kWeightWord) return settle(pair, Ground::log_line, pair.weight);
  }
  if (before != nullptr && before->role != Role::unknown) {
    const Token& last = place.tokens[before->token];
    if (place.index == before->token + 1 && joins(place.text.substr(last.end, place.token().begin - last.end)))
      return settle({before->role, before->weight, "named together with the one before it"}, before->ground,
                    before->weight);
  }
  std::string_view left = place.left();
  // Wrapped prose: the words stand on the line before.
  if (trim(left).empty() && !is_alone(place) && place.line.begin > 1) {
    const Line above = line_of(place.text, place.line.begin - 1);
    if (above.end > above.begin)
      left = place.text.substr(
          std::max(above.begin, place.token().begin > kLeftBytesMax ? place.token().begin - kLeftBytesMax : 0));
    left = left.substr(0, place.token().begin - static_cast<std::size_t>(left.data() - place.text.data()));
  }
  Verdict verdict = by_left(left);
  const bool labelled = is_labelled(place);
  const bool key = !left.empty() &&
                   (left.back() == '=' || left.ends_with("=\"") || left.ends_with("\": \"") || left.ends_with("\":\""));
  if (verdict.role == Role::unknown && (is_alone(place) || leads_a_row(place))) {
    verdict = by_heading(place);
    return settle(verdict, Ground::wording, verdict.weight);
  }
  if (labelled && verdict.word == "your" && is_filled_form(place.text))
    return settle({Role::neutral, 9, "a form's field about the reporter"}, Ground::label, 9);
  if (verdict.weight == kWeightNamed && names_served_host(left, place.whole()))
    return settle({Role::victim, 6, "the host that was asked"}, Ground::log_line, 6);
  int weight = verdict.role == Role::unknown ? kWeightMention : verdict.weight;
  Ground ground = verdict.role == Role::unknown ? Ground::mention : Ground::wording;
  if (verdict.role != Role::unknown && labelled) {
    // "Server: 192.0.2.1" beside "Source Network Address: ..." is where it happened.
    const bool machine = std::ranges::any_of(std::array{"server", "host", "hostname", "system", "machine"},
                                             [&](std::string_view noun) { return names_just(left, noun); });
    // "C2 IP: ..." is to blame where nobody else is: beside "Source IP: ..." it is whom the infected one called.
    const std::string_view label = trim(place.text.substr(place.line.begin, place.token().begin - place.line.begin));
    const bool control = std::ranges::any_of(
        std::array{"c2", "c&c", "cnc", "cc ", "controller", "sinkhole", "affected", "server ip", "server address"},
        [&](std::string_view name) { return starts_with_ignoring_case(label, name); });
    weight = verdict.weight > kWeightNamed ? kWeightLabel : machine || control ? 5 : 7;
    ground = Ground::label;
  } else if (verdict.role != Role::unknown && (key || looks_logged(place.whole()))) {
    weight += 1;
    ground = Ground::log_line;
  }
  if (verdict.role == Role::unknown || weight <= 6) {
    Role said = Role::culprit;
    const int more = behind(place.right(), said);
    if (more > 0 && (said == Role::victim || verdict.role != Role::victim)) {
      verdict.role = said;
      weight = said == Role::victim ? 6 : weight + more;
      ground = std::max(ground, Ground::wording);
      if (verdict.word.empty()) verdict.word = "what the text says of it";
    }
  }
  return settle(verdict, ground, weight);
}

}  // namespace

// "our prefix 2001:db8:2::/48": whoever lies within it is none of the culprits, unless more than wording says so.
std::vector<IpRange> attacked_networks(std::string_view text, const std::vector<Token>& tokens) {
  std::vector<IpRange> all;
  for (std::size_t i = 0; i < tokens.size() && all.size() < kNetworksMax; ++i) {
    if (tokens[i].kind != TokenKind::network) continue;
    const Place place{text, tokens, i, line_of(text, tokens[i].begin)};
    if (!names_ours(place.left())) continue;
    if (const auto range = parse_range(text.substr(tokens[i].begin, tokens[i].end - tokens[i].begin)))
      all.push_back(*range);
  }
  return all;
}

std::vector<Mention> judge(std::string_view text, const std::vector<Token>& tokens) {
  std::vector<Mention> all;
  const std::vector<IpRange> attacked = attacked_networks(text, tokens);
  Line line{0, 0};
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    if (tokens[i].kind != TokenKind::address) continue;
    if (all.empty() || tokens[i].begin >= line.end) line = line_of(text, tokens[i].begin);
    const Mention* before =
        !all.empty() && all.back().token + 1 == i && all.back().line_begin == line.begin ? &all.back() : nullptr;
    all.push_back(judge_one({text, tokens, i, line}, before));
    Mention& mention = all.back();
    if (mention.role != Role::victim && mention.ground <= Ground::wording && mention.weight < kWeightWord &&
        std::ranges::any_of(attacked, [&](const IpRange& range) { return range.contains(*tokens[i].address); })) {
      mention.role = Role::victim;
      mention.weight = 6;
      mention.reason = "it lies in the network that was attacked";
    }
  }
  return all;
}

}  // namespace abate::reading::prose
