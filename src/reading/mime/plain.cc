// SPDX-License-Identifier: Apache-2.0
// Addresses and HTML as plain text: the parts of reading/mime/message.h that need no parser of mail.
#include "base/text.h"
#include "reading/mime/message.h"

namespace abate::reading {
namespace {

bool is_address_byte(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte > ' ' && byte != 0x7f && std::string_view("<>()[]\",;:\\").find(c) == std::string_view::npos;
}

// One entry of an address list, between two commas that are not quoted.
std::size_t entry_end(std::string_view list, std::size_t from) {
  bool quoted = false;
  for (std::size_t i = from; i < list.size(); ++i) {
    if (quoted && list[i] == '\\')
      ++i;
    else if (list[i] == '"')
      quoted = !quoted;
    else if (!quoted && (list[i] == ',' || list[i] == ';'))
      return i;
  }
  return list.size();
}

std::string display_name(std::string_view text) {
  std::string name;
  for (std::string_view rest = trim(text); !rest.empty(); rest.remove_prefix(1))
    if (rest.front() != '"' && rest.front() != '\\') name += rest.front();
  return std::string(trim(name));
}

bool add_entry(std::string_view entry, std::vector<Address>& all) {
  const auto open = entry.rfind('<');
  const std::string_view where = open == std::string_view::npos ? entry : entry.substr(open);
  const auto at = where.rfind('@');
  if (at == std::string_view::npos) return false;
  std::size_t begin = at;
  while (begin > 0 && is_address_byte(where[begin - 1])) --begin;
  std::size_t end = at + 1;
  while (end < where.size() && is_address_byte(where[end])) ++end;
  if (begin == at || end == at + 1) return false;
  Address address{.mail = to_lower(where.substr(begin, end - begin)), .name = {}};
  if (open != std::string_view::npos) address.name = display_name(entry.substr(0, open));
  all.push_back(std::move(address));
  return true;
}

struct Entity {
  std::string_view name;
  std::string_view text;
};
constexpr std::array kEntities{Entity{"&amp;", "&"},   Entity{"&lt;", "<"},  Entity{"&gt;", ">"},
                               Entity{"&quot;", "\""}, Entity{"&#39;", "'"}, Entity{"&nbsp;", " "},
                               Entity{"&apos;", "'"},  Entity{"&#160;", " "}};

// The end of what `<script` or `<style` opens, or 0.
std::size_t hidden_end(std::string_view html, std::size_t at) {
  for (const std::string_view name : {"script", "style"}) {
    if (!starts_with_ignoring_case(html.substr(at + 1), name)) continue;
    const std::string close = "</" + std::string(name);
    for (std::size_t i = html.find("</", at); i != std::string_view::npos; i = html.find("</", i + 2))
      if (starts_with_ignoring_case(html.substr(i), close)) return i;
    return html.size();
  }
  return 0;
}

bool breaks_line(std::string_view tag) {
  for (const std::string_view name : {"br", "p", "/p", "div", "/div", "tr", "/tr", "li", "h1", "h2", "h3", "/table",
                                      "dt", "/dl", "/h1", "/h2", "/h3", "blockquote", "/blockquote"})
    if (starts_with_ignoring_case(tag, name) &&
        (tag.size() == name.size() || tag[name.size()] == ' ' || tag[name.size()] == '/'))
      return true;
  return false;
}

// Cells of a table stay apart.
bool ends_cell(std::string_view tag) {
  return starts_with_ignoring_case(tag, "/td") || equals_ignoring_case(tag, "/th") || equals_ignoring_case(tag, "/dt");
}

}  // namespace

std::vector<Address> parse_addresses(std::string_view decoded) {
  std::vector<Address> all;
  for (std::size_t from = 0; from < decoded.size() && all.size() < kAddressesMax;) {
    const std::size_t end = entry_end(decoded, from);
    add_entry(decoded.substr(from, end - from), all);
    from = end + 1;
  }
  return all;
}

std::string html_to_text(std::string_view html, std::size_t bytes_max) {
  std::string text;
  for (std::size_t i = 0; i < html.size() && text.size() < bytes_max;) {
    if (html[i] == '<') {
      if (const std::size_t end = hidden_end(html, i); end != 0) {
        i = end;
        if (i >= html.size()) break;
      }
      const auto close = html.find('>', i);
      if (close == std::string_view::npos) break;
      if (breaks_line(html.substr(i + 1, close - i - 1)) && !text.ends_with("\n\n")) text += '\n';
      if (ends_cell(html.substr(i + 1, close - i - 1))) text += '\t';
      i = close + 1;
      continue;
    }
    if (html[i] == '&') {
      const auto* entity = std::find_if(kEntities.begin(), kEntities.end(),
                                        [&](const Entity& e) { return html.substr(i).starts_with(e.name); });
      if (entity != kEntities.end()) {
        text += entity->text;
        i += entity->name.size();
        continue;
      }
    }
    text += html[i++];
  }
  return shorten(trim(text), bytes_max);
}

}  // namespace abate::reading
