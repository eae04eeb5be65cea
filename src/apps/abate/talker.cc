// SPDX-License-Identifier: Apache-2.0
#include "apps/abate/talker.h"

#include <memory>
#include <optional>
#include <utility>

#include "apps/abate/messages.h"

namespace abate::apps {
namespace {

constexpr std::pair<std::string_view, talk::Say> kSays[] = {
    {"reply", talk::Say::reply}, {"claim", talk::Say::claim}, {"stuck", talk::Say::stuck}};

std::optional<talk::Say> say_of(std::string_view word) {
  for (const auto& [name, say] : kSays)
    if (name == word) return say;
  return std::nullopt;
}

// The child's side: what it is asked, one after the other.
class Child {
 public:
  Result<std::string> answer(const Message& asked) {
    const std::string& what = asked.empty() ? std::string{} : asked[0];
    if (what == "fetch" && asked.size() == 2) {
      TRY_ASSIGN(const talk::DeskTicket desk, talk::desk_of_link(asked[1]));
      TRY(keep(desk));
      return talk::fetch_ticket(desk);
    }
    if (what == "desk" && asked.size() == 4) {
      TRY_ASSIGN(const talk::DeskTicket desk, talk::desk_of(asked[1], asked[2], asked[3]));
      TRY(keep(desk));
      return std::string{};
    }
    if (asked.size() == 3 && (what == "proofs" || say_of(what))) {
      if (!desk_)
        return failure(Fault::malformed,
                       "the ticket names no desk to send to: use the link from the ticket's page as --ticket, or copy "
                       "the text into the ticket");
      const talk::Saying saying{asked[1], asked[2]};
      return what == "proofs" ? talk::post_proofs(*desk_, saying) : talk::post_text(*desk_, *say_of(what), saying);
    }
    return failure(Fault::malformed, "the talker does not know '{}'", what);
  }

 private:
  Result<void> keep(const talk::DeskTicket& desk) {
    if (desk_) return failure(Fault::refused, "this program speaks to one desk only");
    desk_ = desk;
    return {};
  }

  std::optional<talk::DeskTicket> desk_;
};

Result<std::string> ask(int way, const Message& message) {
  TRY_ASSIGN(Message answer, ask_child(way, message));
  return answer.empty() ? std::string{} : std::move(answer.front());
}

}  // namespace

Result<Talker> Talker::start() {
  TRY_ASSIGN(ChildWay child, start_child([child = std::make_shared<Child>()](const Message& asked) {
               Result<std::string> said = child->answer(asked);
               return said ? answer_of(Message{std::move(*said)}) : answer_of(std::unexpected{said.error()});
             }));
  return Talker{std::move(child)};
}

Talker::~Talker() { end_child(child_); }

Result<std::string> Talker::fetch_ticket(const std::string& link) const {
  return ask(child_.way.get(), {"fetch", link});
}

Result<void> Talker::name_desk(const std::string& url, const std::string& ticket, const std::string& token) const {
  const Result<std::string> named = ask(child_.way.get(), {"desk", url, ticket, token});
  if (!named) return std::unexpected{named.error()};
  return {};
}

Result<std::string> Talker::post_text(talk::Say say, const talk::Saying& text) const {
  for (const auto& [name, one] : kSays)
    if (one == say) return ask(child_.way.get(), {std::string{name}, text.body, text.words});
  return failure(Fault::malformed, "nothing to say");
}

Result<std::string> Talker::post_proofs(const talk::Saying& document) const {
  return ask(child_.way.get(), {"proofs", document.body, document.words});
}

}  // namespace abate::apps
