// SPDX-License-Identifier: Apache-2.0
#include "sweep/host/config/versions.h"

#include <string>
#include <tuple>

namespace abate::sweep {
namespace {

bool digit(char c) { return c >= '0' && c <= '9'; }
bool letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

int weight(std::string_view text, std::size_t at) {
  if (at >= text.size() || digit(text[at])) return 0;
  if (text[at] == '~') return -1;
  return letter(text[at]) ? static_cast<unsigned char>(text[at]) : static_cast<unsigned char>(text[at]) + 256;
}

int compare_part(std::string_view a, std::string_view b) {
  std::size_t i = 0;
  std::size_t j = 0;
  while (i < a.size() || j < b.size()) {
    while ((i < a.size() && !digit(a[i])) || (j < b.size() && !digit(b[j]))) {
      const int left = weight(a, i);
      const int right = weight(b, j);
      if (left != right) return left - right;
      ++i;
      ++j;
    }
    while (i < a.size() && a[i] == '0') ++i;
    while (j < b.size() && b[j] == '0') ++j;
    int first = 0;
    while (i < a.size() && j < b.size() && digit(a[i]) && digit(b[j])) {
      if (first == 0) first = a[i] - b[j];
      ++i;
      ++j;
    }
    if (i < a.size() && digit(a[i])) return 1;
    if (j < b.size() && digit(b[j])) return -1;
    if (first != 0) return first;
  }
  return 0;
}

std::tuple<std::string_view, std::string_view, std::string_view> parts(std::string_view version) {
  std::string_view epoch = "0";
  if (const std::size_t colon = version.find(':'); colon != std::string_view::npos) {
    epoch = version.substr(0, colon);
    version.remove_prefix(colon + 1);
  }
  const std::size_t dash = version.rfind('-');
  return {epoch, version.substr(0, dash), dash == std::string_view::npos ? "" : version.substr(dash + 1)};
}

}  // namespace

int compare_versions(std::string_view a, std::string_view b) {
  const auto [epoch_a, upstream_a, revision_a] = parts(a);
  const auto [epoch_b, upstream_b, revision_b] = parts(b);
  if (const int order = compare_part(epoch_a, epoch_b); order != 0) return order;
  if (const int order = compare_part(upstream_a, upstream_b); order != 0) return order;
  return compare_part(revision_a, revision_b);
}

}  // namespace abate::sweep
