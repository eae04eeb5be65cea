// SPDX-License-Identifier: Apache-2.0
// sweep/host/raise_together.h — findings that one by one are for a person to look at, and together leave no doubt.
//
//   A stranger guessed a password, and minutes later a program that no package knows lay among the system's.
//   An account came in from where it never came, and minutes later it owned a malicious program.
//   What the report names lies beside something malicious.
//   A script that mails to whoever asks is named by the report, and strangers ask it where only content is kept.
//
// Pure. Each finding that is raised says in its evidence by what.
#pragma once

#include <vector>

#include "model/finding.h"
#include "sweep/kit/host.h"

namespace abate::sweep {

void raise_together(const Host& host, std::vector<Finding>& findings);

}  // namespace abate::sweep
