// SPDX-License-Identifier: Apache-2.0
// apps/abate/confirm_firewall.h — asks whether the person still gets in, while a new firewall is on trial.
#pragma once

#include "remedy/executor/executor.h"

namespace abate::apps {

// True: it was confirmed, here or from another session, and lasts. With `asks` false nobody is asked: says what to do.
bool confirm_firewall(bool asks);
// Takes the action back when it was not confirmed: the kernel has opened, or opens, by itself; this takes its files
// away.
void take_firewall_back(const remedy::Where& where, const std::string& action);

}  // namespace abate::apps
