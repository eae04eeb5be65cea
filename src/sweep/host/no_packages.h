// SPDX-License-Identifier: Apache-2.0
// sweep/host/no_packages.h — what is known of packages where there are none: nothing.
#pragma once

#include "sweep/kit/host.h"

namespace abate::sweep {

class NoPackages final : public Packages {
 public:
  [[nodiscard]] std::string_view system() const override { return ""; }
  [[nodiscard]] bool has(std::string_view) const override { return false; }
  [[nodiscard]] std::string version(std::string_view) const override { return {}; }
  [[nodiscard]] bool owns(std::string_view) const override { return false; }
  [[nodiscard]] std::optional<std::string> digest_of(std::string_view) const override { return std::nullopt; }
  [[nodiscard]] bool is_configuration(std::string_view) const override { return false; }
  [[nodiscard]] bool knows_content(std::string_view) const override { return false; }
  [[nodiscard]] std::string package_of(std::string_view) const override { return {}; }
  [[nodiscard]] std::vector<std::pair<std::string, std::string>> installed() const override { return {}; }
  [[nodiscard]] std::string identity() const override { return {}; }
};

}  // namespace abate::sweep
