// SPDX-License-Identifier: Apache-2.0
// A move that the table of states forbids, with constant arguments.
// expects: forbidden from this state
#include "model/ticket.h"

using enum abate::TicketState;
#ifdef GOOD
constexpr abate::TicketState kTo = abate::after(open, abate::Move::claim);
#else
constexpr abate::TicketState kTo = abate::after(in_review, abate::Move::claim);
#endif
static_assert(kTo == claimed);
