// SPDX-License-Identifier: Apache-2.0
#include "model/report.h"

#include "model/words.h"

namespace abate {
namespace {

constexpr std::array kOutcomes{Word{Outcome::read, "read"}, Word{Outcome::not_a_report, "not_a_report"},
                               Word{Outcome::unreadable, "unreadable"}};
constexpr std::array kChannels{Word{Channel::lmtp, "lmtp"}, Word{Channel::stdin_pipe, "deliver"},
                               Word{Channel::maildir, "maildir"}, Word{Channel::feed, "feed"},
                               Word{Channel::http, "http"}};
constexpr std::array kStatuses{Word{ReportStatus::received, "received"}, Word{ReportStatus::read, "read"},
                               Word{ReportStatus::not_a_report, "not_a_report"},
                               Word{ReportStatus::unreadable, "unreadable"},
                               Word{ReportStatus::dismissed, "dismissed"}};

}  // namespace

std::string_view outcome_name(Outcome outcome) { return word_of(kOutcomes, outcome); }
std::optional<Outcome> parse_outcome(std::string_view name) { return find_word(kOutcomes, name); }
std::string_view channel_name(Channel channel) { return word_of(kChannels, channel); }
std::optional<Channel> parse_channel(std::string_view name) { return find_word(kChannels, name); }
std::string_view report_status_name(ReportStatus status) { return word_of(kStatuses, status); }
std::optional<ReportStatus> parse_report_status(std::string_view name) { return find_word(kStatuses, name); }

}  // namespace abate
