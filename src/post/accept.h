// SPDX-License-Identifier: Apache-2.0
// post/accept.h — where the ways in hand over what arrived. apps binds it to desk::Intake::accept.
//
// The Done runs once, on any thread, perhaps before the call returns: after the commit, or with the reason why there is
// none. Only then may a way in tell its sender anything.
#pragma once

#include <functional>

#include "desk/accept.h"

namespace abate::post {

using Accept = std::function<void(desk::NewArrival, desk::Intake::Done)>;

}  // namespace abate::post
