// SPDX-License-Identifier: Apache-2.0
// web/pages/playbooks.h — the next steps that the team suggests to a customer who is stuck (R36): text to begin with,
// which a person edits before it is sent. Data in policy/playbooks, built in; the operator's own files go before them.
//
//   CATEGORY.md, or CATEGORY.TYPE.md for one type ("other.login_attack.md" for connection/login_attack)
//
// The first line "# …" is a title for the team; the rest is what the customer would read, as plain text.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "model/category.h"

namespace abate::web {

struct Playbook {
  std::string title;
  std::string text;
};
constexpr std::size_t kPlaybookBytesMax = 64 * 1024;

class Playbooks {
 public:
  // Those that are built in: one a category at least.
  static Playbooks built_in();
  // And those of a folder before them; "" is none. malformed: a name that is no category, no title, too large;
  // not_found: no such folder. Says which file.
  static Result<Playbooks> of_folder(const std::string& folder);

  // malformed: see above.
  Result<void> add(std::string_view file_name, std::string_view bytes);
  // For the first of these types that has one of its own in this category, else the category's.
  [[nodiscard]] const Playbook& of(Category category, const std::vector<std::string>& types) const;
  [[nodiscard]] std::size_t size() const { return all_.size(); }

 private:
  std::map<std::string, Playbook, std::less<>> all_;  // by file name without ".md"
};

}  // namespace abate::web
