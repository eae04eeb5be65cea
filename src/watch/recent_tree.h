// SPDX-License-Identifier: Apache-2.0
// watch/recent_tree.h — a tree whose logs are only those that were written to since a time: the others read as absent.
#pragma once

#include "sweep/kit/tree.h"

namespace abate::watch {

class RecentTree final : public sweep::Tree {
 public:
  RecentTree(const sweep::Tree& all, Instant since) : all_{all}, since_{since} {}

  [[nodiscard]] Result<sweep::Stat> stat(std::string_view path) const override { return all_.stat(path); }
  [[nodiscard]] Result<sweep::Stat> stat_through_links(std::string_view path) const override {
    return all_.stat_through_links(path);
  }
  [[nodiscard]] Result<std::unique_ptr<sweep::TreeFile>> open(std::string_view path) const override {
    Result<std::unique_ptr<sweep::TreeFile>> file = all_.open(path);
    if (file && path.find("/log") != std::string_view::npos && (*file)->stat().modified < since_)
      return failure(Fault::not_found, "written before the last look");
    return file;
  }
  [[nodiscard]] Result<std::string> link_target(std::string_view path) const override { return all_.link_target(path); }
  [[nodiscard]] Result<std::vector<sweep::Name>> list(std::string_view path) const override { return all_.list(path); }
  [[nodiscard]] std::uint8_t flags(std::string_view path) const override { return all_.flags(path); }
  [[nodiscard]] Result<std::string> attribute(std::string_view path, const std::string& name) const override {
    return all_.attribute(path, name);
  }
  void walk(std::string_view path, sweep::Walker& walker) const override { all_.walk(path, walker); }

 private:
  const sweep::Tree& all_;
  Instant since_;
};

}  // namespace abate::watch
