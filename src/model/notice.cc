// SPDX-License-Identifier: Apache-2.0
#include "model/notice.h"

#include "model/words.h"

namespace abate {
namespace {

constexpr std::array kKinds{Word{NoticeKind::opened, "opened"},     Word{NoticeKind::reminder, "reminder"},
                            Word{NoticeKind::overdue, "overdue"},   Word{NoticeKind::reply, "reply"},
                            Word{NoticeKind::refused, "refused"},   Word{NoticeKind::closed, "closed"},
                            Word{NoticeKind::reopened, "reopened"}, Word{NoticeKind::measure, "measure"},
                            Word{NoticeKind::lifted, "lifted"},     Word{NoticeKind::pointer, "pointer"}};
constexpr std::array kStates{Word{NoticeState::queued, "queued"}, Word{NoticeState::sent, "sent"},
                             Word{NoticeState::bounced, "bounced"}, Word{NoticeState::failed, "failed"}};

}  // namespace

std::string_view notice_kind_name(NoticeKind kind) { return word_of(kKinds, kind); }
std::optional<NoticeKind> parse_notice_kind(std::string_view name) { return find_word(kKinds, name); }
std::string_view notice_state_name(NoticeState state) { return word_of(kStates, state); }
std::optional<NoticeState> parse_notice_state(std::string_view name) { return find_word(kStates, name); }

}  // namespace abate
