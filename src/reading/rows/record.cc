// SPDX-License-Identifier: Apache-2.0
#include "reading/rows/record.h"

#include <algorithm>
#include <charconv>

#include "base/text.h"

namespace abate::reading {

std::string_view filled(std::string_view cell) {
  static constexpr std::string_view kNothing[] = {"-",  "?",   "null",    "none",    "n/a",
                                                  "na", "nil", "unknown", "0.0.0.0", "::"};
  if (cell.size() > 7) return cell;
  for (const std::string_view nothing : kNothing)
    if (cell.size() == nothing.size() && equals_ignoring_case(cell, nothing)) return {};
  return cell;
}

namespace {

constexpr std::size_t kSourcesPerRowMax = 1'000;
constexpr std::size_t kClockBytesMax = 12;  // "03:04:05.678"
constexpr std::size_t kAddressCellBytesMax = 40'000;
constexpr std::int64_t kEpochMin = 946'684'800;    // 2000
constexpr std::int64_t kEpochMax = 4'102'444'800;  // 2100

bool is_digits(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

std::optional<std::int64_t> whole(std::string_view cell) {
  std::int64_t value = 0;
  const auto [end, wrong] = std::from_chars(cell.data(), cell.data() + cell.size(), value);
  return wrong == std::errc() && end == cell.data() + cell.size() && !cell.empty() ? std::optional{value}
                                                                                   : std::nullopt;
}

std::optional<std::uint16_t> port_in(std::string_view cell) {
  const auto value = whole(cell);
  return value ? port_of(*value) : std::nullopt;
}

// "198.051.100.007": lists that keep their columns straight (DShield's) write three digits each, and mean decimals.
std::optional<IpAddress> padded_address(std::string_view cell) {
  if (cell.size() != 15) return std::nullopt;
  std::string plain;
  for (const std::string_view part : split(cell, '.')) {
    if (part.size() != 3 || !is_digits(part)) return std::nullopt;
    if (!plain.empty()) plain += '.';
    plain += part.substr(std::min(part.find_first_not_of('0'), std::size_t{2}));
  }
  const auto parsed = parse_ip(plain);
  return parsed ? std::optional{*parsed} : std::nullopt;
}

// A feed's address: as it stands, with a port or prefix length behind, or defanged.
std::optional<IpAddress> address_in(std::string_view cell, std::optional<std::uint16_t>& port) {
  cell = filled(cell);
  if (cell.size() < 2 || cell.size() > 100) return std::nullopt;
  if (const auto plain = parse_ip(cell)) return *plain;
  if (const auto padded = padded_address(cell)) return padded;
  std::string text{cell};
  for (const std::string_view dot : {"[.]", "(.)", "{.}", "[dot]", "(dot)"})
    for (std::size_t at = text.find(dot); at != text.npos; at = text.find(dot, at + 1))
      text.replace(at, dot.size(), ".");
  std::string_view rest = text;
  if (const std::size_t slash = rest.find('/'); slash != rest.npos && is_digits(rest.substr(slash + 1)))
    rest = rest.substr(0, slash);  // a network: its first address, said in the reasons by read_from
  if (const std::size_t colon = rest.rfind(':'); colon != rest.npos && rest.find(':') == colon) {
    port = port_in(rest.substr(colon + 1));
    rest = rest.substr(0, colon);
  } else if (rest.starts_with('[') && rest.find(']') != rest.npos) {
    const std::size_t close = rest.find(']');
    if (close + 2 < rest.size()) port = port_in(rest.substr(close + 2));
    rest = rest.substr(1, close - 1);
  }
  const auto parsed = parse_ip(trim(rest));
  return parsed ? std::optional{*parsed} : std::nullopt;
}

std::optional<std::string> protocol_in(std::string_view cell) {
  if (cell.empty() || cell.size() > 12) return std::nullopt;
  if (cell == "6") return "tcp";
  if (cell == "17") return "udp";
  if (cell == "1") return "icmp";
  const std::string name = to_lower(cell);
  return std::ranges::all_of(name, [](char c) { return c >= 'a' && c <= 'z'; }) ? std::optional{name} : std::nullopt;
}

std::optional<std::string> url_in(std::string_view cell) {
  cell = filled(cell);
  if (cell.size() < 4) return std::nullopt;
  if (auto url = url_of(cell)) return url;
  const std::size_t slash = cell.find('/');  // "host.example/path": a feed's way to write http
  if (slash == cell.npos || slash == 0 || cell.find("://") != cell.npos || cell.find(' ') != cell.npos)
    return std::nullopt;
  return domain_of(cell.substr(0, slash)) ? url_of(fmt::format("http://{}", cell)) : std::nullopt;
}

// "http://www.example.com/;" among other words.
std::optional<std::string> url_within(std::string_view cell) {
  if (cell.size() < 8) return std::nullopt;
  const std::size_t scheme = cell.find("://");
  if (scheme == cell.npos) return std::nullopt;
  const std::size_t begin = cell.find_last_of(" ;,|=\"'", scheme);
  cell = cell.substr(begin == cell.npos ? 0 : begin + 1);
  cell = cell.substr(0, cell.find_first_of(" ;|\"'"));
  return url_of(cell);
}

bool is_hash(std::string_view cell) {
  return (cell.size() == 32 || cell.size() == 40 || cell.size() == 64) && std::ranges::all_of(cell, [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
         });
}

// "2015-03-02 00:45:59", alone or with UTC behind it: nine rows of ten, and what errors of the long way would cost
// most.
std::optional<ParsedTime> plain_time(std::string_view cell) {
  if (cell.size() < 19 || cell[4] != '-' || cell[7] != '-' || (cell[10] != ' ' && cell[10] != 'T') || cell[13] != ':' ||
      cell[16] != ':')
    return std::nullopt;
  bool digits = true;
  const auto two = [&](std::size_t at) {
    const auto a = static_cast<unsigned>(cell[at] - '0'), b = static_cast<unsigned>(cell[at + 1] - '0');
    digits = digits && a < 10 && b < 10;
    return a * 10 + b;
  };
  const unsigned year = two(0) * 100 + two(2), month = two(5), day = two(8), hour = two(11), minute = two(14),
                 second = two(17);
  const std::chrono::year_month_day date{std::chrono::year{static_cast<int>(year)}, std::chrono::month{month},
                                         std::chrono::day{day}};
  if (!digits || !date.ok() || hour > 23 || minute > 59 || second > 59) return std::nullopt;
  const std::string_view rest = cell.substr(19);
  const bool utc = rest == "Z" || rest == " UTC" || rest == " GMT" || rest == "+00:00" || rest == "+0000";
  if (!rest.empty() && !utc) return std::nullopt;
  return ParsedTime{std::chrono::sys_days{date} + std::chrono::hours{hour} + std::chrono::minutes{minute} +
                        std::chrono::seconds{second},
                    utc};
}

void set_times(Incident& incident, const Record& record, const Feed& feed) {
  const auto place = [&](std::string_view cell) -> bool {
    const auto time = cell_time(cell);
    if (!time || time->at < kDistantPast || time->at > kDistantFuture) return false;
    if (time->zoned || feed.utc || record.started_is_utc)
      incident.started_at = time->at;
    else
      incident.started_unzoned = time->at;
    return true;
  };
  bool found = false;
  if (!record[Column::date].empty()) {
    const std::string both = fmt::format("{} {}", record[Column::date], record[Column::clock]);
    found = place(record[Column::clock].empty() ? record[Column::date] : std::string_view{both});
    if (!found && !record[Column::started].empty())  // columns "Date" and "Time"
      found = place(fmt::format("{} {}", record[Column::date], record[Column::started]));
  }
  if (!found && !record[Column::started].empty()) found = place(filled(record[Column::started]));
  if (!found && record[Column::clock].size() > kClockBytesMax) place(record[Column::clock]);  // it holds the day too
  if (const auto end = cell_time(filled(record[Column::ended])); end && incident.started_at && (end->zoned || feed.utc))
    if (end->at >= *incident.started_at && end->at <= kDistantFuture) incident.ended_at = end->at;
}

struct Found {
  Kind kind;
  std::string reason;  // of Incident::reasons
};

std::string reason_of(std::string_view why) {
  constexpr std::string_view kBegin = "kind: ";
  std::string reason;
  reason.reserve(kBegin.size() + why.size());
  return reason.append(kBegin).append(why);
}

Found kind_of(const Record& record, const Feed& feed, bool has_url, bool has_address) {
  const std::string_view cell = record[Column::kind], detail = record[Column::detail];
  if (!cell.empty())
    if (auto kind = kind_of_word(cell); kind || (kind = kind_in(cell)))
      return {*kind, reason_of(fmt::format("the row calls it {}", in_quotes(cell)))};
  if (feed.pattern == Pattern::infected) return {{"infrastructure/botnet", ""}, reason_of(feed.why)};
  if (feed.pattern == Pattern::seen) {
    if (filled(detail).empty()) return {feed.kind.value_or(Kind{"connection/port_scan", ""}), reason_of(feed.why)};
    const auto said = kind_in(detail);  // "http-scan": what was seen, and no malware
    return {said && said->type.starts_with("connection/") ? *said : Kind{"infrastructure/botnet", ""},
            reason_of(fmt::format("seen with {}", in_quotes(detail)))};
  }
  if (feed.pattern == Pattern::fixed && feed.kind) {
    const auto kind = kind_in(detail);
    const bool closer = kind && (kind->type == "vulnerability/cve" || kind->detail == "proxy");
    if (closer && feed.kind->type == "vulnerability/open_service") return {*kind, reason_of(in_quotes(detail))};
    return {*feed.kind, reason_of(feed.why)};
  }
  if (const auto kind = kind_in(detail)) return {*kind, reason_of(fmt::format("the row says {}", in_quotes(detail)))};
  if (feed.kind) return {*feed.kind, reason_of(feed.why)};
  if (has_url && is_hash(filled(record[Column::fingerprint])))
    return {{"content/malware", ""}, reason_of("a list of pages with the hashes of files")};
  // Nothing says what it is. A list of addresses is a blocklist; pages that are listed are mostly phishing.
  if (has_address && !has_url) return {{"reputation/blocklist", ""}, reason_of("a list that does not say why")};
  return {{"content/phishing", ""}, reason_of("a list of pages that does not say why")};
}

}  // namespace

std::optional<ParsedTime> cell_time(std::string_view cell) {
  if (cell.size() < 8 || cell.size() > 60) return std::nullopt;
  if (const auto plain = plain_time(cell)) return plain;
  if (is_digits(cell)) {
    const auto value = whole(cell);
    if (!value) return std::nullopt;
    if (cell.size() == 10 && *value >= kEpochMin && *value <= kEpochMax)
      return ParsedTime{from_micros(*value * 1'000'000), true};
    if (cell.size() == 13 && *value / 1'000 >= kEpochMin && *value / 1'000 <= kEpochMax)
      return ParsedTime{from_micros(*value * 1'000), true};
    return std::nullopt;
  }
  // Seconds since 1970 with their fraction, as Zeek writes them.
  if (cell.size() > 11 && cell[10] == '.' && is_digits(cell.substr(0, 10)) && is_digits(cell.substr(11)))
    return cell_time(cell.substr(0, 10));
  if (cell.size() >= 10 && cell[4] == '-')
    if (auto iso = parse_rfc3339_lenient(cell)) return *iso;
  return time_of(cell);
}

namespace {

// The addresses of a row: nearly always one, so the first needs no memory of its own.
class Sources {
 public:
  void add(const IpAddress& address) {
    if (!first_) {
      first_ = address;
    } else if (address != *first_ && more_.size() + 1 < kSourcesPerRowMax &&
               std::ranges::find(more_, address) == more_.end()) {
      more_.push_back(address);
    }
  }
  [[nodiscard]] bool empty() const { return !first_; }
  [[nodiscard]] const std::optional<IpAddress>& first() const { return first_; }
  [[nodiscard]] const std::vector<IpAddress>& more() const { return more_; }

 private:
  std::optional<IpAddress> first_;
  std::vector<IpAddress> more_;
};

// "192.0.2.8 198.51.100.8": several addresses and nothing else in one cell.
void add_each(std::string_view cell, Sources& sources) {
  constexpr std::string_view kBetween = " ,;|";
  if (cell.find_first_of(kBetween) == cell.npos || cell.size() > kAddressCellBytesMax) return;
  std::vector<IpAddress> all;
  for (std::size_t at = 0; (at = cell.find_first_not_of(kBetween, at)) != cell.npos;) {
    const std::size_t end = std::min(cell.find_first_of(kBetween, at), cell.size());
    const auto address = parse_ip(cell.substr(at, end - at));
    if (!address) return;
    all.push_back(*address);
    at = end;
  }
  for (const IpAddress& address : all) sources.add(address);
}

void set_places(Incident& base, const Record& record, Sources& sources, std::optional<std::uint16_t>& port) {
  const auto add = [&](std::string_view cell) {
    if (const auto address = address_in(cell, port))
      sources.add(*address);
    else
      add_each(cell, sources);
  };
  add(record[Column::source_ip]);
  for (const std::string_view cell : record.more_sources) add(cell);
  base.url = url_in(record[Column::url]);
  for (const Column place : {Column::domain, Column::detail})  // some feeds write one where there is a URL to name
    if (!base.url) base.url = url_within(record[place]);
  if (const std::string_view domain = filled(record[Column::domain]); !domain.empty()) base.domain = domain_of(domain);
  if (const std::string_view host = filled(record[Column::host]); !host.empty() && sources.empty()) {
    add(host);
    if (sources.empty() && !base.url) base.url = host.find("://") == host.npos ? std::nullopt : url_in(host);
    if (sources.empty() && !base.url && !base.domain) base.domain = domain_of(host);
  }
  if (!base.url || (base.domain && !sources.empty())) return;
  const auto host = host_of(*base.url);
  if (!host) return;
  const bool numeric = host->back() >= '0' && host->back() <= '9';  // no name of a domain ends so
  if (!base.domain && !numeric) base.domain = domain_of(*host);
  if (sources.empty()) add(*host);  // "http://192.0.2.1/x": the host is the address
}

}  // namespace

std::size_t add_incidents(const Record& record, const Feed& feed, std::vector<Incident>& out) {
  const std::size_t before = out.size();
  Incident& base = out.emplace_back();
  Sources sources;
  std::optional<std::uint16_t> port;
  set_places(base, record, sources, port);
  if (sources.empty() && !base.url && !base.domain && !is_hash(filled(record[Column::fingerprint]))) {
    out.pop_back();
    return 0;
  }
  base.source_ip = sources.first();
  base.source_port = port_in(record[Column::source_port]);
  if (!base.source_port) base.source_port = port;
  std::optional<std::uint16_t> unused;
  base.destination_ip = address_in(record[Column::destination_ip], unused);
  base.destination_port = port_in(record[Column::destination_port]);
  base.protocol = protocol_in(record[Column::protocol]);
  set_times(base, record, feed);
  Found found = kind_of(record, feed, base.url.has_value() || base.domain.has_value(), !sources.empty());
  base.type = found.kind.type;
  base.category = found.kind.category();
  base.reasons.push_back(std::move(found.reason));
  base.confidence = 0.9;
  if (const auto count = whole(record[Column::count]); count && *count > 0 && *count < 1'000'000'000)
    base.count = static_cast<std::uint32_t>(*count);
  for (const IpAddress& source : sources.more()) {
    Incident same = out[before];
    same.source_ip = source;
    out.push_back(std::move(same));
  }
  return out.size() - before;
}

std::vector<Incident> incidents_of(const Record& record, const Feed& feed) {
  std::vector<Incident> out;
  add_incidents(record, feed, out);
  return out;
}

}  // namespace abate::reading
