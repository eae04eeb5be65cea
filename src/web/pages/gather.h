// SPDX-License-Identifier: Apache-2.0
// web/pages/gather.h — reads from the desk what a page shows. Internal to web/pages.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "desk/desk.h"
#include "web/pages/case_page.h"
#include "web/pages/client_page.h"

namespace abate::web {

// Who reported these incidents, by report id. For the team's eyes only.
Result<std::map<std::string, ReporterLine>> reporters_of(desk::Desk& desk,
                                                         const std::vector<desk::KeptIncident>& incidents);

struct Cursors {
  std::string incidents;
  std::string entries;
};
Result<CaseView> gather_case(desk::Desk& desk, const Principal& who, const std::string& id, const Cursors& cursors);
Result<ClientView> gather_client(desk::Desk& desk, const Principal& who, const std::string& id, const Cursors& cursors);

}  // namespace abate::web
