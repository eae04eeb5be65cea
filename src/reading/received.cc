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
//
// Exchange writes "from NAME (ADDRESS) by HOST" without what DNS says: between two of its own the address is IPv6.
bool is_inner_exchange_hop(std::string_view value) {
  const auto by = value.find(" by ");
  const auto open = value.find(" (");
  if (by == std::string_view::npos || open > by || !value.starts_with("from ")) return false;
  if (value.find(" with HTTPS") == std::string_view::npos &&
      value.find(" with Microsoft SMTP") == std::string_view::npos)
    return false;
  const auto address = parse_ip(value.substr(open + 2, std::min(value.find(')', open), by) - open - 2));
  if (!address || address->is_v4()) return false;
  const std::string_view name = value.substr(5, open - 5);
  std::string_view host = value.substr(by + 4);
  host = host.substr(0, host.find_first_of(" (;"));
  return !domain_above(host).empty() && equals_ignoring_case(domain_above(host), domain_above(name));
}

bool is_inner_hop(std::string_view value) {
  if (is_inner_exchange_hop(value)) return true;
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

// Whom the reporter's own host asked about when it checked the sender: "(sender IP is 192.0.2.1)" of Exchange,
// "client-ip=192.0.2.1" of Received-SPF. The topmost was written last; those below may be invented.
std::optional<IpAddress> checked_sender(const Fields& headers) {
  for (const Field& field : headers.all()) {
    const bool spf = equals_ignoring_case(field.name, "Received-SPF");
    if (!spf && !equals_ignoring_case(field.name, "Authentication-Results")) continue;
    const std::string value = to_lower(field.raw.substr(0, 4'096));
    const std::string_view mark = spf ? "client-ip=" : "sender ip is ";
    const auto at = value.find(mark);
    if (at == std::string::npos) {
      if (spf) return std::nullopt;
      continue;
    }
    const std::string_view rest = std::string_view(value).substr(at + mark.size());
    const auto address = parse_ip(rest.substr(0, rest.find_first_of(" ;)\r\n\t")));
    return address ? std::optional(*address) : std::nullopt;
  }
  return std::nullopt;
}

}  // namespace

std::optional<Handover> find_handover(const Fields& headers) {
  std::size_t hops = 0;
  std::optional<Handover> inner;  // where nothing stands below it
  std::optional<Handover> first;
  const auto checked = checked_sender(headers);
  for (const Field& field : headers.all()) {
    if (!equals_ignoring_case(field.name, "Received")) continue;
    if (++hops > kHopsMax) break;
    std::string value;
    for (const char c : trim(field.raw.substr(0, 4'096))) {
      const char flat = c == '\r' || c == '\n' || c == '\t' ? ' ' : c;
      if (flat != ' ' || !value.ends_with(' ')) value += flat;
    }
    const auto address = connected_from(value);
    if (!address) continue;
    const auto semicolon = value.rfind(';');
    Handover found{*address,
                   semicolon == std::string::npos ? std::string() : std::string(trim(value.substr(semicolon + 1)))};
    if (checked && *address == *checked) return found;
    if (!is_inner_hop(value)) {
      if (!first) first = std::move(found);
      if (!checked) break;
    } else if (!inner) {
      inner = std::move(found);
    }
  }
  return first ? first : inner;
}

}  // namespace abate::reading
