// SPDX-License-Identifier: Apache-2.0
#include "sweep/host/logs/watching.h"

#include <algorithm>

namespace abate::sweep {
namespace {

using namespace std::chrono_literals;

constexpr auto kBeforeHarm = std::chrono::days{60};
constexpr auto kAfterHarm = std::chrono::days{2};

IpAddress masked(const IpAddress& address, std::size_t bytes) {
  std::array<std::uint8_t, 16> all = address.bytes();
  std::fill(all.begin() + static_cast<std::ptrdiff_t>(bytes), all.end(), std::uint8_t{0});
  return IpAddress::from_bytes(all);
}

}  // namespace

IpAddress network_of(const IpAddress& address) { return masked(address, address.is_v4() ? 14 : 4); }
IpAddress nearby_of(const IpAddress& address) { return masked(address, address.is_v4() ? 15 : 6); }

bool is_private(const IpAddress& address) {
  if (!address.is_v4()) {
    const auto& bytes = address.bytes();
    return (bytes[0] & 0xfeU) == 0xfcU || (bytes[0] == 0xfe && (bytes[1] & 0xc0U) == 0x80U) ||
           address.to_string() == "::1";
  }
  const std::uint32_t value = address.v4_value();
  return value >> 24U == 127 || value >> 24U == 10 || value >> 20U == 0xac1 || value >> 16U == 0xc0a8 ||
         value >> 16U == 0xa9fe;
}

bool is_outside(const Host& host, const std::optional<IpAddress>& address) {
  return address && !is_private(*address) && !host.is_own_address(*address);
}

bool near_harm(const Host& host, Instant at) {
  if (!host.ticket.span) return true;
  return at >= host.ticket.span->begin - kBeforeHarm && at <= host.ticket.span->end + kAfterHarm;
}

void Evidence::add(const Event& event) {
  std::string text = evidence_of(event);
  if (first_.size() < kFirst) {
    first_.push_back(std::move(text));
  } else {
    last_ = std::move(text);
  }
}

void Evidence::into(Finding& finding) const {
  finding.evidence.insert(finding.evidence.end(), first_.begin(), first_.end());
  if (!last_.empty()) finding.evidence.push_back(last_);
}

void Visits::see(const Event& event) {
  LoginService service = LoginService::smtp;
  std::string_view user;
  std::string_view method = "password";
  std::string_view fingerprint;
  std::optional<IpAddress> client;
  if (const Login* login = as<Login>(event)) {
    if (!login->accepted) return;
    service = login->service;
    user = login->user;
    client = login->client;
    method = login->method;
    fingerprint = login->key;
  } else if (const Mail* mail = as<Mail>(event); mail != nullptr && mail->step == MailStep::accepted_remotely) {
    user = mail->sasl_user;
    client = mail->client;
  }
  if (!event.at || !client || user.empty()) return;
  key_.assign(1, static_cast<char>(service));
  key_.append(user.substr(0, 128)).append(1, '\0');
  key_.append(reinterpret_cast<const char*>(client->bytes().data()), 16);
  const auto found = all_.find(key_);
  if (found != all_.end()) {
    Visit& visit = found->second;
    ++visit.count;
    visit.last = std::max(visit.last, *event.at);
    if (*event.at < visit.first) {
      visit.first = *event.at;
      visit.evidence = evidence_of(event);
    }
    return;
  }
  if (all_.size() >= kMax) return;
  Visit visit{.service = service,
              .user = std::string{user.substr(0, 128)},
              .client = *client,
              .first = *event.at,
              .last = *event.at,
              .count = 1,
              .method = std::string{method.substr(0, 40)},
              .key = std::string{fingerprint.substr(0, 80)},
              .evidence = evidence_of(event)};
  all_.emplace(key_, std::move(visit));
}

std::vector<const Visit*> Visits::by_time() const {
  std::vector<const Visit*> visits;
  visits.reserve(all_.size());
  for (const auto& [key, visit] : all_) visits.push_back(&visit);
  std::ranges::stable_sort(visits, [](const Visit* a, const Visit* b) { return a->first < b->first; });
  return visits;
}

std::vector<Visits::Strange> Visits::strange(const std::set<LoginService>& services) const {
  struct Use {
    const Visit* visit = nullptr;  // the first from there
    Instant last;
    std::uint64_t count = 0;
  };
  std::map<std::string_view, std::map<IpAddress, Use>> accounts;
  for (const Visit* visit : by_time()) {
    if (!services.contains(visit->service) || is_private(visit->client)) continue;
    Use& use = accounts[visit->user][network_of(visit->client)];
    if (use.visit == nullptr) {
      use.visit = visit;
      use.last = visit->last;
    }
    use.last = std::max(use.last, visit->last);
    use.count += visit->count;
  }
  std::vector<Strange> found;
  for (const auto& [user, networks] : accounts) {
    if (networks.size() < 2 || networks.size() > kNetworksMax) continue;
    for (const auto& [network, use] : networks) {
      std::optional<Instant> since;  // of all others
      Instant until = kDistantPast;
      std::uint64_t count = 0;
      std::size_t before = 0;
      for (const auto& [other, its] : networks) {
        if (other == network) continue;
        if (its.visit->first < use.visit->first) ++before;
        since = std::min(since.value_or(kDistantFuture), its.visit->first);
        until = std::max(until, its.last);
        count += its.count;
      }
      if (before == 0 || count < 3) continue;
      const Instant first = use.visit->first;
      // Short logs hold a week or two: then what came after tells as well where the account is at home.
      const bool known_before = first - *since >= kKnownDays;
      const bool a_guest = first - *since >= 1h * 24 && until - *since >= kHomeDays && until > use.last &&
                           use.last - first <= kGuestDays && use.count <= count;
      if (known_before || a_guest) found.push_back({use.visit, before, *since});
    }
  }
  std::ranges::stable_sort(found, [](const Strange& a, const Strange& b) { return a.visit->first < b.visit->first; });
  return found;
}

std::string when(Instant at) { return format_for_people(at); }

Subject account_subject(std::string_view name, std::string_view address) {
  Subject subject;
  subject.kind = SubjectKind::account;
  subject.name = name;
  subject.address = address;
  return subject;
}

Subject mailbox_subject(std::string_view name) {
  Subject subject;
  subject.kind = SubjectKind::mailbox;
  subject.name = name;
  return subject;
}

Subject login_subject(const Visit& visit) {
  switch (visit.service) {
    case LoginService::imap:
    case LoginService::pop3:
    case LoginService::smtp: return mailbox_subject(visit.user);
    default: return account_subject(visit.user, visit.client.to_string());
  }
}

}  // namespace abate::sweep
