// SPDX-License-Identifier: Apache-2.0
// probe/prober.h — the desk's Prober: each kind of probe is one file in probe/kinds.
//
//   std::shared_ptr<desk::Prober> prober = make_prober(means);
//
// SECURITY: speaks to the address that it is given, and to no other; looks no name up. What answers may be an
// intruder's program: bounded in bytes and time by talk/line.h, nothing of it is run, followed or shown. Thread-safe.
#pragma once

#include <memory>

#include "desk/ports/prober.h"
#include "probe/probe_kind.h"

namespace abate::probe {

std::unique_ptr<desk::Prober> make_prober(Means means);

}  // namespace abate::probe
