// SPDX-License-Identifier: Apache-2.0
#include "desk/authenticate.h"

#include <algorithm>

namespace abate::desk {
namespace {

std::vector<std::string> names_of(const std::vector<Reading>& readings, const std::vector<std::size_t>& which) {
  std::vector<std::string> names;
  for (const std::size_t i : which)
    names.insert(names.end(), readings[i].names_wanted.begin(), readings[i].names_wanted.end());
  std::ranges::sort(names);
  names.erase(std::ranges::unique(names).begin(), names.end());
  return names;
}

Witnesses witnesses_for(const Reading& reading, const std::vector<DnsText>& records, const Provider& provider) {
  Witnesses out{.records = {}, .trusted = provider.trusted_authserv};
  for (const DnsText& record : records)
    if (std::ranges::find(reading.names_wanted, record.name) != reading.names_wanted.end())
      out.records.push_back(record);
  return out;
}

}  // namespace

void authenticate(Desk& desk, Resolver* resolver, Reader& reader, const std::vector<Unread>& reports,
                  std::vector<Reading>& readings) {
  const std::shared_ptr<const Provider> provider = desk.provider.load();
  std::vector<std::size_t> which;
  for (std::size_t i = 0; i < readings.size(); ++i) {
    const bool has_signature = resolver != nullptr && !readings[i].names_wanted.empty();
    const bool is_mail = readings[i].mail.has_value();
    if (readings[i].reporter.authenticated == "none" && is_mail &&
        (has_signature || !provider->trusted_authserv.empty()))
      which.push_back(i);
  }
  if (which.empty()) return;
  std::vector<DnsText> records;
  if (resolver != nullptr)
    if (const std::vector<std::string> names = names_of(readings, which); !names.empty())
      records = resolver->texts(names);

  std::vector<Witnesses> witnesses;
  witnesses.reserve(which.size());  // ToRead borrows them
  std::vector<ToRead> asked;
  for (const std::size_t i : which) {
    witnesses.push_back(witnesses_for(readings[i], records, *provider));
    asked.push_back({reports[i].bytes, reports[i].content_type, reports[i].reporter_domain, &witnesses.back()});
  }
  std::vector<Reading> proofs = reader.read(asked);
  for (std::size_t n = 0; n < which.size(); ++n) {
    Reading& reading = readings[which[n]];
    reading.reporter.authenticated = std::move(proofs[n].reporter.authenticated);
    reading.reporter.keys = std::move(proofs[n].reporter.keys);
    for (std::string& sentence : proofs[n].warnings)
      if (reading.warnings.size() < kWarningsPerReportMax) reading.warnings.push_back(std::move(sentence));
  }
}

}  // namespace abate::desk
