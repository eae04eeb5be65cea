// SPDX-License-Identifier: Apache-2.0
#include "talk/resolver.h"

#include <algorithm>
#include <optional>

#include "base/random.h"
#include "base/text.h"

namespace abate::talk {
namespace {

constexpr std::size_t kNameBytesMax = 200;
constexpr std::size_t kLabelBytesMax = 63;
constexpr std::size_t kHeadBytes = 12;
constexpr int kServfail = 2;
constexpr int kNxdomain = 3;
constexpr int kRefused = 5;

std::string two_bytes(std::uint32_t number) {
  return {static_cast<char>(number >> 8), static_cast<char>(number & 0xff)};
}

std::optional<std::string> question_about(const std::string& name, std::uint32_t id) {
  std::string bytes = two_bytes(id) + std::string{"\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00", 10};  // RD; one question
  if (name.size() > kNameBytesMax) return std::nullopt;
  for (const std::string_view label : split(name, '.')) {
    const bool is_plain = std::ranges::all_of(label, [](char c) {
      return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
    });
    if (label.empty() || label.size() > kLabelBytesMax || !is_plain) return std::nullopt;
    bytes += static_cast<char>(label.size());
    bytes += label;
  }
  return bytes + std::string{"\x00\x00\x01\x00\x01", 5};  // A, IN
}

std::string_view rcode_name(int rcode) {
  switch (rcode) {
    case 0: return "NOERROR";
    case 1: return "FORMERR";
    case kServfail: return "SERVFAIL";
    case kNxdomain: return "NXDOMAIN";
    case 4: return "NOTIMP";
    case kRefused: return "REFUSED";
    default: return "another code";
  }
}

Trial judge(std::string tried, const std::string& question, const std::string& answer) {
  if (answer.size() < kHeadBytes || answer.substr(0, 2) != question.substr(0, 2) || (answer[2] & 0x80) == 0)
    return trial(Outcome::unclear, std::move(tried), "what came is no answer to our question", answer);
  const bool offers = (answer[3] & 0x80) != 0;
  const int rcode = answer[3] & 0x0f;
  const int answers = (static_cast<unsigned char>(answer[6]) << 8) | static_cast<unsigned char>(answer[7]);
  const std::string seen =
      fmt::format("{}, {} answers, recursion {}", rcode_name(rcode), answers, offers ? "offered" : "not offered");
  Outcome outcome = Outcome::unclear;
  if (rcode == kRefused || !offers)
    outcome = Outcome::closed;
  else if (rcode == kNxdomain || rcode == 0)
    outcome = Outcome::open;
  return trial(outcome, std::move(tried), seen, answer);
}

}  // namespace

Trial try_resolver(const Peer& peer, const std::string& name, const Bounds& bounds) {
  std::string tried = fmt::format("asked the name server at {} to look up {}", peer.to_string(), name);
  const std::optional<std::string> question = question_about(name, random_below(0x10000));
  if (!question) return trial(Outcome::unclear, std::move(tried), "that is no name to ask for");
  const Result<std::string> answer = ask_udp(peer, *question, bounds);
  if (answer) return judge(std::move(tried), *question, *answer);
  return trial(std::move(tried), answer.error());
}

}  // namespace abate::talk
