// SPDX-License-Identifier: Apache-2.0
// sweep/host/answer_leads.h — which of the ticket's leads each finding answers: fills Finding::leads.
//
// A URL answers by the file it is served from, a queue id or Message-ID by the mails a finding names, a user by its
// name, a hash by equality, a port by the service, a script header by the file's name. A lead that everything would
// answer (an address of our own, a time) answers nothing.
#pragma once

#include <vector>

#include "model/finding.h"
#include "sweep/kit/host.h"

namespace abate::sweep {

void answer_leads(const Host& host, std::vector<Finding>& findings);

}  // namespace abate::sweep
