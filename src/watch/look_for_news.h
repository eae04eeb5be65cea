// SPDX-License-Identifier: Apache-2.0
// watch/look_for_news.h — what is new on the server since the last look: accounts, keys, listeners, autostarts,
// programs of web users, changed scripts in docroots, log-ins from new networks, mail in bulk, and what the detectors
// of logs see in the hours since.
//
//   News news = look_for_news(host, memory, notes, ended);   // memory then knows it all: told once
//
// The first look learns and tells only what is malicious. Later ones read the logs that were written to since, and of
// the docroots only what changed: cheap enough for every quarter of an hour. Reads by host.tree only.
#pragma once

#include <functional>
#include <vector>

#include "model/finding.h"
#include "sweep/host/open_host.h"
#include "watch/memory.h"

namespace abate::watch {

struct News {
  std::vector<Finding> findings;  // new ones, the worst first
  bool is_first = false;
  bool ended_early = false;
  std::uint64_t files = 0;  // of docroots, looked at by their dates
  std::uint64_t mails = 0;  // sent since
};

News look_for_news(const sweep::Host& host, Memory& memory, sweep::Notes& notes, const std::function<bool()>& ended);

// The letter: what is new, in plain words; no excerpt of a file or log. "" where nothing is.
std::string letter_of(const News& news, const std::string& host_name, Instant now);

}  // namespace abate::watch
