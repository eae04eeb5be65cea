// SPDX-License-Identifier: Apache-2.0
// apps/abate/messages.h — how this program and a child of it speak over a socket pair: a message is a list of texts,
// their number, then each with its length. Both ends are this very program; both ignore SIGPIPE.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include <sys/types.h>

#include "base/descriptor.h"
#include "base/result.h"

namespace abate::apps {

using Message = std::vector<std::string>;

// {"ok", …}, or {"refused", "why"}: what a child answers.
Message answer_of(Result<Message> result);
// The texts after "ok". unavailable: the child ended.
Result<Message> ask_child(int way, const Message& message);

struct ChildWay {
  Descriptor way;  // the child ends when this is closed
  pid_t child = 0;
};
// A child that gave up every right but the network (confine.h), and answers one message after the other. Before this
// program's own confine(), with one thread.
Result<ChildWay> start_child(const std::function<Message(const Message&)>& answer);
void end_child(ChildWay& child);

}  // namespace abate::apps
