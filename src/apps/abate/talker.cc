// SPDX-License-Identifier: Apache-2.0
#include "apps/abate/talker.h"

#include <cerrno>
#include <csignal>
#include <cstdint>
#include <cstring>
#include <optional>
#include <utility>
#include <vector>

#include <sys/socket.h>
#include <sys/wait.h>

#include "apps/abate/confine.h"
#include "base/whole_io.h"

namespace abate::apps {
namespace {

// A message is a list of texts: their number, then each with its length. Ours alone; both ends are this program.
using Message = std::vector<std::string>;
constexpr std::uint32_t kTextsMax = 16;
constexpr std::uint32_t kTextBytesMax = std::uint32_t{32} << 20;

bool put_number(int way, std::uint32_t number) {
  return write_all(way, {reinterpret_cast<const char*>(&number), sizeof number});
}

std::optional<std::uint32_t> take_number(int way, std::uint32_t most) {
  std::uint32_t number = 0;
  if (read_full(way, {reinterpret_cast<char*>(&number), sizeof number}) != sizeof number || number > most)
    return std::nullopt;
  return number;
}

bool put(int way, const Message& message) {
  bool ok = put_number(way, static_cast<std::uint32_t>(message.size()));
  for (const std::string& text : message)
    ok = ok && text.size() <= kTextBytesMax && put_number(way, static_cast<std::uint32_t>(text.size())) &&
         write_all(way, text);
  return ok;
}

std::optional<Message> take(int way) {
  const std::optional<std::uint32_t> count = take_number(way, kTextsMax);
  if (!count) return std::nullopt;
  Message message(*count);
  for (std::string& text : message) {
    const std::optional<std::uint32_t> size = take_number(way, kTextBytesMax);
    if (!size) return std::nullopt;
    text.resize(*size);
    if (read_full(way, text) != static_cast<ssize_t>(*size)) return std::nullopt;
  }
  return message;
}

Message answer_of(const Result<std::string>& result) {
  if (result) return {"ok", *result};
  return {std::string{fault_name(result.error().fault)}, result.error().what};
}

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
    if (asked.size() == 2 && (what == "proofs" || say_of(what))) {
      if (!desk_)
        return failure(Fault::malformed,
                       "the ticket names no desk to send to: use the link from the ticket's page as --ticket, or copy "
                       "the text into the ticket");
      return what == "proofs" ? talk::post_proofs(*desk_, asked[1]) : talk::post_text(*desk_, *say_of(what), asked[1]);
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

[[noreturn]] void serve(int way) {
  // Its parent's Ctrl-C is not its own: it ends when the parent's end of the way is closed.
  ::signal(SIGINT, SIG_IGN);
  confine({.writable = {}, .live = false, .fast = true, .network = true});
  Child child;
  while (const std::optional<Message> asked = take(way))
    if (!put(way, answer_of(child.answer(*asked)))) break;
  ::_exit(0);
}

Fault fault_of(std::string_view name) {
  for (const Fault fault : {Fault::malformed, Fault::too_big, Fault::not_found, Fault::refused, Fault::conflict,
                            Fault::stale, Fault::unavailable})
    if (fault_name(fault) == name) return fault;
  return Fault::unavailable;
}

Result<std::string> ask(int way, const Message& message) {
  if (!put(way, message)) return failure(Fault::unavailable, "the part of abate that speaks over the network ended");
  std::optional<Message> answer = take(way);
  if (!answer || answer->size() != 2)
    return failure(Fault::unavailable, "the part of abate that speaks over the network ended");
  if ((*answer)[0] != "ok") return failure(fault_of((*answer)[0]), std::move((*answer)[1]));
  return std::move((*answer)[1]);
}

}  // namespace

Result<Talker> Talker::start() {
  ::signal(SIGPIPE, SIG_IGN);  // an end that is gone is an error of the call, on both sides
  int ends[2];
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
    return failure(Fault::unavailable, "no way to a child: {}", ::strerrordesc_np(errno));
  Descriptor ours{ends[0]};
  Descriptor theirs{ends[1]};
  const pid_t child = ::fork();
  if (child < 0) return failure(Fault::unavailable, "no child: {}", ::strerrordesc_np(errno));
  if (child == 0) {
    ours = Descriptor{};
    serve(theirs.get());
  }
  return Talker{std::move(ours), child};
}

Talker::~Talker() {
  if (!way_) return;
  way_ = Descriptor{};
  ::waitpid(child_, nullptr, 0);
}

Result<std::string> Talker::fetch_ticket(const std::string& link) const { return ask(way_.get(), {"fetch", link}); }

Result<void> Talker::name_desk(const std::string& url, const std::string& ticket, const std::string& token) const {
  const Result<std::string> named = ask(way_.get(), {"desk", url, ticket, token});
  if (!named) return std::unexpected{named.error()};
  return {};
}

Result<std::string> Talker::post_text(talk::Say say, const std::string& text) const {
  for (const auto& [name, one] : kSays)
    if (one == say) return ask(way_.get(), {std::string{name}, text});
  return failure(Fault::malformed, "nothing to say");
}

Result<std::string> Talker::post_proofs(const std::string& document) const {
  return ask(way_.get(), {"proofs", document});
}

}  // namespace abate::apps
