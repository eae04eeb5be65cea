// SPDX-License-Identifier: Apache-2.0
#include "model/measure.h"

#include "model/words.h"

namespace abate {
namespace {

constexpr std::array kKinds{Word{MeasureKind::limit_port25, "limit_port25"},
                            Word{MeasureKind::limit_egress, "limit_egress"}, Word{MeasureKind::isolate, "isolate"},
                            Word{MeasureKind::suspend, "suspend"}, Word{MeasureKind::terminate, "terminate"}};
constexpr std::array kTitles{Word{MeasureKind::limit_port25, "outgoing mail (port 25) limited"},
                             Word{MeasureKind::limit_egress, "outgoing traffic limited"},
                             Word{MeasureKind::isolate, "cut off from the network"},
                             Word{MeasureKind::suspend, "suspended"}, Word{MeasureKind::terminate, "terminated"}};
constexpr std::array kStates{Word{MeasureState::proposed, "proposed"}, Word{MeasureState::approved, "approved"},
                             Word{MeasureState::in_force, "in_force"}, Word{MeasureState::failed, "failed"},
                             Word{MeasureState::lifting, "lifting"},   Word{MeasureState::lifted, "lifted"}};

}  // namespace

std::string_view measure_name(MeasureKind kind) { return word_of(kKinds, kind); }
std::string_view measure_title(MeasureKind kind) { return word_of(kTitles, kind); }
std::optional<MeasureKind> parse_measure(std::string_view name) { return find_word(kKinds, name); }
std::string_view measure_state_name(MeasureState state) { return word_of(kStates, state); }
std::optional<MeasureState> parse_measure_state(std::string_view name) { return find_word(kStates, name); }

}  // namespace abate
