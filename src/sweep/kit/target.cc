// SPDX-License-Identifier: Apache-2.0
#include "sweep/kit/target.h"

#include <algorithm>

#include "base/text.h"

namespace abate::sweep {
namespace {

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

std::string percent_decoded(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const int high = text[i] == '%' && i + 2 < text.size() ? hex_digit(text[i + 1]) : -1;
    const int low = high >= 0 ? hex_digit(text[i + 2]) : -1;
    if (low < 0) {
      out += text[i];
      continue;
    }
    out += static_cast<char>(high * 16 + low);
    i += 2;
  }
  return out;
}

}  // namespace

std::string target_path(std::string_view target) {
  target = target.substr(0, target.find_first_of("?#"));
  if (const std::size_t scheme = target.find("://"); scheme != std::string_view::npos && scheme < 8) {
    const std::size_t slash = target.find('/', scheme + 3);
    target = slash == std::string_view::npos ? "/" : target.substr(slash);
  }
  return normal_path(percent_decoded(target));
}

const Site* site_of_log(const Host& host, std::string_view log_path, std::string_view site_name) {
  if (!site_name.empty()) {
    const std::string name = to_lower(site_name.substr(0, site_name.find(':')));
    for (const Site& site : host.sites)
      if (std::ranges::find(site.names, name) != site.names.end()) return &site;
  }
  const Site* best = nullptr;
  std::size_t best_length = 0;
  for (const Site& site : host.sites)
    for (const std::string& log : site.access_logs)
      if (log.size() > best_length && log_path.starts_with(log) &&
          (log_path.size() == log.size() || log_path[log.size()] == '.' || log_path[log.size()] == '-')) {
        best = &site;
        best_length = log.size();
      }
  if (best != nullptr) return best;
  // One site and one log: it can only be that.
  return host.sites.size() == 1 ? &host.sites.front() : nullptr;
}

std::string file_of_request(const Host& host, std::string_view log_path, std::string_view site_name,
                            std::string_view target) {
  const Site* site = site_of_log(host, log_path, site_name);
  if (site == nullptr) return {};
  const std::string path = target_path(target);
  for (const auto& [prefix, folder] : site->aliases)
    if (path.starts_with(prefix)) return normal_path(folder + "/" + path.substr(prefix.size()));
  return normal_path(site->docroot + path);
}

}  // namespace abate::sweep
