// SPDX-License-Identifier: Apache-2.0
#include "model/diagnosis.h"

#include <array>

#include "model/words.h"

namespace abate {
namespace {

constexpr std::array kVerdicts{
    Word{SweepVerdict::cause_found, "cause_found"}, Word{SweepVerdict::harm_found, "harm_found"},
    Word{SweepVerdict::nothing_found, "nothing_found"}, Word{SweepVerdict::not_this_server, "not_this_server"},
    Word{SweepVerdict::rebuild, "rebuild"}};
constexpr std::array kEntries{Word{EntryKind::weak_password, "weak_password"},
                              Word{EntryKind::stolen_password, "stolen_password"},
                              Word{EntryKind::stolen_mailbox, "stolen_mailbox"},
                              Word{EntryKind::stolen_key, "stolen_key"},
                              Word{EntryKind::vulnerable_application, "vulnerable_application"},
                              Word{EntryKind::exposed_service, "exposed_service"},
                              Word{EntryKind::open_configuration, "open_configuration"},
                              Word{EntryKind::by_owner, "by_owner"},
                              Word{EntryKind::unknown, "unknown"}};
constexpr std::array kSteps{Word{Step::entry, "entry"}, Word{Step::foothold, "foothold"},
                            Word{Step::persistence, "persistence"}, Word{Step::spread, "spread"},
                            Word{Step::harm, "harm"}};

}  // namespace

std::string_view sweep_verdict_name(SweepVerdict verdict) { return word_of(kVerdicts, verdict); }
std::string_view entry_kind_name(WayInKind kind) { return word_of(kEntries, kind); }
std::string_view step_name(Step step) { return word_of(kSteps, step); }

}  // namespace abate
