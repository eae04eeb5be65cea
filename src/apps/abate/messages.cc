// SPDX-License-Identifier: Apache-2.0
#include "apps/abate/messages.h"

#include <cerrno>
#include <csignal>
#include <cstdint>
#include <cstring>
#include <utility>

#include <sys/socket.h>
#include <sys/wait.h>

#include "apps/abate/confine.h"
#include "base/whole_io.h"

namespace abate::apps {
namespace {

constexpr std::uint32_t kTextsMax = 64;
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

Fault fault_of(std::string_view name) {
  for (const Fault fault : {Fault::malformed, Fault::too_big, Fault::not_found, Fault::refused, Fault::conflict,
                            Fault::stale, Fault::unavailable})
    if (fault_name(fault) == name) return fault;
  return Fault::unavailable;
}

[[noreturn]] void serve(int way, const std::function<Message(const Message&)>& answer) {
  // Its parent's Ctrl-C is not its own: it ends when the parent's end of the way is closed.
  ::signal(SIGINT, SIG_IGN);
  confine({.writable = {}, .live = false, .fast = true, .network = true});
  while (const std::optional<Message> asked = take(way))
    if (!put(way, answer(*asked))) break;
  ::_exit(0);
}

}  // namespace

Message answer_of(Result<Message> result) {
  if (!result) return {std::string{fault_name(result.error().fault)}, result.error().what};
  result->insert(result->begin(), "ok");
  return std::move(*result);
}

Result<Message> ask_child(int way, const Message& message) {
  if (!put(way, message)) return failure(Fault::unavailable, "the part of abate that speaks over the network ended");
  std::optional<Message> answer = take(way);
  if (!answer || answer->empty() || (answer->front() != "ok" && answer->size() != 2))
    return failure(Fault::unavailable, "the part of abate that speaks over the network ended");
  if (answer->front() != "ok") return failure(fault_of((*answer)[0]), std::move((*answer)[1]));
  answer->erase(answer->begin());
  return std::move(*answer);
}

Result<ChildWay> start_child(const std::function<Message(const Message&)>& answer) {
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
    serve(theirs.get(), answer);
  }
  return ChildWay{std::move(ours), child};
}

void end_child(ChildWay& child) {
  if (!child.way) return;
  child.way = Descriptor{};
  ::waitpid(child.child, nullptr, 0);
}

}  // namespace abate::apps
