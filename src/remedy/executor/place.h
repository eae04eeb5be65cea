// SPDX-License-Identifier: Apache-2.0
// remedy/executor/place.h — a path beneath the root as an open folder and a name in it.
//
// SECURITY: links on the way are resolved as the root's own (base/open_beneath.h); the last part is never followed.
// Thread-safe.
#pragma once

#include <string>
#include <string_view>

#include "base/descriptor.h"
#include "base/result.h"

namespace abate::remedy {

class Place {
 public:
  // not_found: a folder on the way is missing. malformed: a loop of links, or no absolute path.
  static Result<Place> open(const std::string& root, std::string_view path);

  [[nodiscard]] int folder() const { return folder_.get(); }
  [[nodiscard]] const char* name() const { return name_.c_str(); }
  // Another name in the same folder.
  [[nodiscard]] Result<Place> sibling(std::string name) const;
  // Makes what was done in the folder last over a power loss.
  void sync() const;

 private:
  Place(Descriptor folder, std::string name) : folder_{std::move(folder)}, name_{std::move(name)} {}
  Descriptor folder_;
  std::string name_;
};

}  // namespace abate::remedy
