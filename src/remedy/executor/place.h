// SPDX-License-Identifier: Apache-2.0
// remedy/executor/place.h — a path beneath the root as an open folder and a name in it.
//
// SECURITY: whoever owns a folder on the way may swap it for a link at any moment. Each part is opened by itself and
// never followed by the kernel; a link on the way is resolved here, as the root's own, and never leads out. The last
// part is never followed. Thread-safe.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace abate::remedy {

class Place {
 public:
  // not_found: a folder on the way is missing. malformed: a loop of links, or no absolute path.
  static Result<Place> open(const std::string& root, std::string_view path);
  ~Place();
  Place(Place&& other) noexcept;
  Place& operator=(Place&&) = delete;

  [[nodiscard]] int folder() const { return folder_; }
  [[nodiscard]] const char* name() const { return name_.c_str(); }
  // Another name in the same folder.
  [[nodiscard]] Result<Place> sibling(std::string name) const;
  // Makes what was done in the folder last over a power loss.
  void sync() const;

 private:
  Place(int folder, std::string name) : folder_{folder}, name_{std::move(name)} {}
  int folder_ = -1;
  std::string name_;
};

}  // namespace abate::remedy
