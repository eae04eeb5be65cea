// SPDX-License-Identifier: Apache-2.0
#include "reading/xarf_form.h"

#include <algorithm>

#include "base/text.h"
#include "reading/passages.h"

namespace abate::reading {
namespace {

constexpr std::size_t kUrlsInTextMax = 200;

std::string_view next_line(std::string_view text, std::size_t& at) {
  auto end = text.find_first_of("\r\n", at);
  if (end == std::string_view::npos) end = text.size();
  const std::string_view line = text.substr(at, end - at);
  at = end + 1;
  return line;
}

bool is_letter_or_digit(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); }

// Where a URL in running text ends.
std::string_view url_at(std::string_view text) {
  std::size_t end = 0;
  while (end < text.size() && end < kUrlBytesMax && static_cast<unsigned char>(text[end]) > ' ' &&
         std::string_view("<>\"'`").find(text[end]) == std::string_view::npos)
    ++end;
  std::string_view url = text.substr(0, end);
  while (!url.empty() && std::string_view(".,;)").find(url.back()) != std::string_view::npos) url.remove_suffix(1);
  return url;
}

std::size_t find_scheme(std::string_view text, std::size_t from) {
  for (std::size_t at = from; at + 7 < text.size(); ++at)
    if ((text[at] == 'h' || text[at] == 'H') && (at == 0 || !is_letter_or_digit(text[at - 1])) &&
        (starts_with_ignoring_case(text.substr(at), "http") || starts_with_ignoring_case(text.substr(at), "hxxp")))
      return at;
  return std::string_view::npos;
}

bool is_ip_word(std::string_view text, std::size_t at) {
  return (text[at] == 'I' || text[at] == 'i') && (text[at + 1] == 'P' || text[at + 1] == 'p') &&
         (at == 0 || !is_letter_or_digit(text[at - 1])) && (at + 2 >= text.size() || !is_letter_or_digit(text[at + 2]));
}

}  // namespace

bool may_hold_form(const Part& part) {
  return part.type.starts_with("text/") || part.type == "application/octet-stream" || part.type.ends_with("yaml") ||
         part.type == "application/x-arf" || to_lower(part.name).ends_with(".txt");
}

std::size_t find_form(std::string_view text, std::span<const std::string_view> names, std::size_t names_min) {
  text = text.substr(0, kFormSearchBytesMax);
  std::vector<bool> seen(names.size());
  std::size_t begin = std::string_view::npos;
  std::size_t marker = std::string_view::npos;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t line_at = at;
    const std::string_view line = next_line(text, at);
    if (line.starts_with("---") && trim(line).find_first_not_of('-') == std::string_view::npos) marker = line_at;
    const auto colon = line.find(':');
    if (colon == std::string_view::npos || colon > 40) continue;
    const std::string_view name = trim(line.substr(0, colon));
    for (std::size_t i = 0; i < names.size(); ++i) {
      if (!equals_ignoring_case(name, names[i])) continue;
      seen[i] = true;
      if (begin == std::string_view::npos) begin = marker == std::string_view::npos ? line_at : marker;
    }
  }
  const auto count = static_cast<std::size_t>(std::count(seen.begin(), seen.end(), true));
  return count >= names_min ? begin : std::string_view::npos;
}

std::vector<YamlForm> find_forms(const Message& mail, std::span<const std::string_view> names, std::size_t names_min,
                                 Warnings& warnings) {
  std::vector<YamlForm> forms;
  for (std::size_t i = 0; i < mail.parts().size() && forms.size() < kFormsMax; ++i) {
    if (!may_hold_form(mail.parts()[i])) continue;
    const bool html = mail.parts()[i].type == "text/html";
    const std::string converted = html ? mail.text(i, kFormSearchBytesMax) : std::string();
    const std::string_view text = html ? std::string_view(converted) : mail.content(i);
    const std::size_t begin = find_form(text, names, names_min);
    if (begin == std::string_view::npos) continue;
    Yaml yaml = read_yaml(text.substr(begin));
    const Passages passages = html ? Passages(text, std::nullopt) : Passages(mail, i);
    const auto lines_before =
        static_cast<std::size_t>(std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(begin), '\n'));
    if (yaml.broken && begin == 0) warnings.add("Part {} is no valid YAML: read line by line", i + 1);
    if (yaml.cut) warnings.add("Part {} holds more YAML than is read", i + 1);
    for (YamlDocument& document : yaml.documents) {
      if (forms.size() >= kFormsMax) {
        warnings.add("More than {} forms: the rest was not taken", kFormsMax);
        break;
      }
      YamlForm& form = forms.emplace_back(std::move(document), i, Incident{});
      passages.mark(
          form.read, fmt::format("part {}", i + 1),
          passages.range_of_lines(lines_before + form.document.first_line, lines_before + form.document.last_line));
    }
  }
  return forms;
}

void mark(Incident& incident, const YamlForm& form) {
  incident.read_from = form.read.read_from;
  incident.read_range = form.read.read_range;
  incident.read_text = form.read.read_text;
}

std::string without_blanks_behind_colons(std::string_view value) {
  std::string mended;
  for (std::size_t i = 0; i < value.size(); ++i) {
    mended += value[i];
    if (value[i] != ':' || i + 2 >= value.size() || value[i + 1] != ' ') continue;
    const bool url = value[i + 2] == '/';
    const bool clock =
        i > 0 && value[i - 1] >= '0' && value[i - 1] <= '9' && value[i + 2] >= '0' && value[i + 2] <= '9';
    if (url || clock) ++i;
  }
  return mended;
}

std::optional<UrlInText> find_url_in_text(std::string_view text, std::string_view host) {
  std::optional<UrlInText> found;
  std::size_t looked_at = 0;
  for (std::size_t at = find_scheme(text, 0); at != std::string_view::npos && looked_at < kUrlsInTextMax; ++looked_at) {
    const std::string_view raw = url_at(text.substr(at));
    const auto url = url_of(raw);
    std::string_view behind = text.substr(at + raw.size(), 64);
    if (url && host_of(*url) == host) {
      behind = trim(behind.substr(0, behind.find_first_of("\r\n")));
      const bool paired = behind.starts_with('[') || behind.starts_with('(');
      const auto address = paired ? ip_in(behind.substr(1, behind.find_first_of("])", 1) - 1)) : std::nullopt;
      if (!found) found = UrlInText{*url, std::nullopt};
      if (address && !is_impossible(*address) && !found->address) found = UrlInText{*url, address};
    }
    at = find_scheme(text, at + std::max<std::size_t>(raw.size(), 1));
  }
  return found;
}

std::optional<IpAddress> find_named_address(std::string_view text) {
  std::optional<IpAddress> found;
  for (std::size_t at = 0; at + 2 < text.size(); ++at) {
    if (!is_ip_word(text, at)) continue;
    std::string_view behind = text.substr(at + 2, 80);
    for (const std::string_view word : {"-address", " address", "-adresse", " adresse", "-adres", " adres", " addr"})
      if (starts_with_ignoring_case(behind, word)) {
        behind.remove_prefix(word.size());
        break;
      }
    const auto start = behind.find_first_not_of(" \t:=*([\"'");
    if (start == std::string_view::npos) continue;
    const std::string_view token = behind.substr(start, behind.find_first_of(" \t\r\n,;)]*\"'", start) - start);
    const auto address = ip_in(token);
    if (!address || is_impossible(*address)) continue;
    if (found && *found != *address) return std::nullopt;
    found = address;
  }
  return found;
}

void add_parts_as_evidence(Incident& incident, const Message& mail, std::size_t begin, std::size_t end,
                           std::size_t except, Warnings& warnings) {
  end = std::min(end, mail.parts().size());
  for (std::size_t i = begin; i < end && incident.evidence.size() < kEvidencePerIncidentMax; ++i) {
    const Part& part = mail.parts()[i];
    const bool signature = part.type.ends_with("-signature") || part.type == "application/pgp-keys";
    const std::string_view bytes = i == except || signature ? std::string_view() : mail.content(i);
    if (trim(bytes).empty()) continue;
    const auto range = part.transfer == Transfer::verbatim ? part.range : std::nullopt;
    incident.evidence.push_back(evidence_of(bytes, range, part.type, part.name, warnings));
    if (part.type != "message/rfc822") continue;
    while (i + 1 < end && mail.parts()[i + 1].depth > part.depth) ++i;  // its own parts stand in it already
  }
}

}  // namespace abate::reading
