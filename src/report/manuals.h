// SPDX-License-Identifier: Apache-2.0
// report/manuals.h — what `abate explain` prints: the manual of one detector, action or probe, or the list of all.
//
// The manuals are ours; the word that is looked for is the person's, and made safe. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "report/layout.h"

namespace abate::report {

struct ManualPage {
  std::string id;       // "php_decoded_eval"
  std::string group;    // "Web sites and applications", "Actions": pages of a group stand together
  std::string title;    // one line
  std::string explain;  // paragraphs, parted by an empty line
  std::string facts;    // "Severity: malicious", "Requirement: R20 (delete malicious files)", or ""
};

std::string manual_list(const std::vector<ManualPage>& pages, const TerminalLook& look);
// not_found: says which name is meant, where one lies near.
Result<std::string> manual_of(const std::vector<ManualPage>& pages, std::string_view id, const TerminalLook& look);

}  // namespace abate::report
