// SPDX-License-Identifier: Apache-2.0
#include "reading/received.h"

#include "base/text.h"
#include "reading/values.h"

namespace abate::reading {
namespace {

// What a host said of itself (HELO) is a claim; it is blanked out, so that the address it connected from is left.
std::string without_claims(std::string_view from) {
  std::string text(from);
  const std::string lower = to_lower(from);
  for (const std::string_view word : {"helo=", "helo ", "ehlo "})
    for (auto at = lower.find(word); at != std::string::npos; at = lower.find(word, at + 1)) {
      const auto begin = at + word.size();
      const auto end = std::min(lower.find_first_of(" )\t", begin), lower.size());
      std::fill(text.begin() + static_cast<std::ptrdiff_t>(begin), text.begin() + static_cast<std::ptrdiff_t>(end),
                ' ');
    }
  return text;
}

std::optional<IpAddress> connected_from(std::string_view value) {
  if (!starts_with_ignoring_case(value, "from ")) return std::nullopt;
  const std::string lower = to_lower(value);
  const std::string from = without_claims(value.substr(0, lower.find(" by ")));
  const auto addresses = ips_in(from, 8);
  for (auto address = addresses.rbegin(); address != addresses.rend(); ++address)  // the last stands in the comment
    if (!is_impossible(*address) && !is_private(*address)) return *address;
  return std::nullopt;
}

// "mx.example.org" and "store.example.org": one domain above both.
std::string_view domain_above(std::string_view host) {
  const auto dot = host.find('.');
  const std::string_view above = dot == std::string_view::npos ? "" : host.substr(dot + 1);
  return above.find('.') == std::string_view::npos ? "" : above;
}

// A hop between two hosts of the reporter's own. The name that counts is the one that DNS gave to the address, in the
// comment: "from HELO (NAME [192.0.2.1]) by HOST"; what stands before it is a claim.
bool is_inner_hop(std::string_view value) {
  const auto by = value.find(" by ");
  const auto open = value.find('(');
  if (by == std::string_view::npos || open > by) return false;
  std::string_view name = value.substr(open + 1, by - open - 1);
  name = name.substr(0, name.find_first_of(" )["));
  if (name.ends_with('.')) name.remove_suffix(1);
  std::string_view host = value.substr(by + 4);
  host = host.substr(0, host.find_first_of(" (;"));
  return !domain_above(host).empty() && equals_ignoring_case(domain_above(host), domain_above(name)) &&
         name.find_first_not_of("0123456789.:") != std::string_view::npos;
}

}  // namespace

std::optional<Handover> find_handover(const Fields& headers) {
  std::size_t hops = 0;
  std::optional<Handover> inner;  // where nothing stands below it
  for (const Field& field : headers.all()) {
    if (!equals_ignoring_case(field.name, "Received")) continue;
    if (++hops > kHopsMax) break;
    std::string value;
    for (const char c : trim(field.raw.substr(0, 4'096))) value += c == '\r' || c == '\n' || c == '\t' ? ' ' : c;
    const auto address = connected_from(value);
    if (!address) continue;
    const auto semicolon = value.rfind(';');
    Handover found{*address,
                   semicolon == std::string::npos ? std::string() : std::string(trim(value.substr(semicolon + 1)))};
    if (!is_inner_hop(value)) return found;
    if (!inner) inner = std::move(found);
  }
  return inner;
}

}  // namespace abate::reading
