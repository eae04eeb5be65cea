// SPDX-License-Identifier: Apache-2.0
// web/pages/case_actions.h — the forms of a case page: what may be done now, and why a measure may not. Internal to
// case_page.cc.
#pragma once

#include "web/pages/case_page.h"

namespace abate::web {

void add_actions(Part& main, const CaseView& view, const Principal& who);
void add_measures(Part& main, const CaseView& view, const Principal& who, Instant now);

}  // namespace abate::web
