// SPDX-License-Identifier: Apache-2.0
#include "diagnosis/trail.h"

#include <algorithm>

#include "sweep/kit/target.h"

namespace abate::diagnosis {
namespace {

constexpr std::size_t kMessageBytesMax = 400;

struct ToSeen {
  const sweep::Host& host;
  const sweep::Event& event;
  Seen& seen;

  void operator()(const sweep::Request& request) {
    seen.what = Seen::What::request;
    seen.client = request.client;
    seen.user = request.user;
    seen.method = request.method;
    seen.target = request.target.substr(0, kMessageBytesMax);
    seen.file = sweep::file_of_request(host, event.origin.path, request.site, request.target);
    seen.status = request.status;
  }
  void operator()(const sweep::Login& login) {
    seen.what = Seen::What::login;
    seen.client = login.client;
    seen.user = login.user;
    seen.method = login.method;
    seen.detail = login.key;
    seen.accepted = login.accepted;
    seen.service = login.service;
  }
  void operator()(const sweep::Mail& mail) {
    seen.what = Seen::What::mail;
    seen.client = mail.client;
    seen.user = mail.sasl_user.empty() ? mail.local_user : mail.sasl_user;
    seen.id = mail.queue_id;
    seen.detail = mail.message_id.empty() ? mail.sender : mail.message_id;
    seen.uid = mail.uid;
    seen.file = mail.script;
  }
  void operator()(const sweep::Transfer& transfer) {
    seen.what = Seen::What::transfer;
    seen.client = transfer.client;
    seen.user = transfer.user;
    seen.file = transfer.path;
    seen.accepted = transfer.upload;
    seen.service = transfer.service;
  }
  void operator()(const sweep::Command& command) {
    seen.what = Seen::What::command;
    seen.user = command.user;
    seen.detail = command.command.substr(0, kMessageBytesMax);
  }
  void operator()(const sweep::JobRun& job) {
    seen.what = Seen::What::job;
    seen.user = job.user;
    seen.detail = job.command.substr(0, kMessageBytesMax);
    seen.accepted = job.edited;
  }
  void operator()(const sweep::AccountChange& change) {
    seen.what = Seen::What::account;
    seen.user = change.user;
  }
  void operator()(const sweep::PackageChange& change) {
    seen.what = Seen::What::package;
    seen.detail = change.name;
  }
  template <class Rest>
  void operator()(const Rest&) {}
};

template <class T>
void bound(T& all) {
  while (all.size() > Question::kEachMax) all.erase(std::prev(all.end()));
}

// What can have been a way in: not the thousand pages and pictures that everybody asks for.
bool can_be_entry(const Seen& seen) {
  switch (seen.what) {
    case Seen::What::request:
      return seen.status < 400 && (seen.method != "GET" || seen.target.find(".php") != std::string::npos);
    case Seen::What::login: return seen.accepted;
    case Seen::What::transfer:
    case Seen::What::command:
    case Seen::What::account: return true;
    case Seen::What::job: return seen.accepted;
    case Seen::What::mail: return seen.uid.has_value() || seen.client.has_value();
    default: return false;
  }
}

}  // namespace

void Trail::ask(Question question) {
  question_ = std::move(question);
  bound(question_.spans);
  bound(question_.clients);
  bound(question_.ids);
  bound(question_.files);
  bound(question_.accounts);
}

bool Trail::wants(const Seen& seen) const {
  if (seen.client && question_.clients.contains(*seen.client)) return true;
  if (!seen.file.empty() && question_.files.contains(seen.file)) return true;
  if (!seen.id.empty() && (question_.ids.contains(seen.id) || question_.ids.contains(seen.detail))) return true;
  if (seen.what == Seen::What::login && seen.accepted && question_.accounts.contains(seen.user)) return true;
  if (!seen.at || !can_be_entry(seen)) return false;
  return std::ranges::any_of(question_.spans,
                             [&](const TimeSpan& span) { return span.begin <= *seen.at && *seen.at <= span.end; });
}

void Trail::see(const sweep::Event& event) {
  Seen seen;
  seen.at = event.at;
  std::visit(ToSeen{host_, event, seen}, event.what);
  if (!wants(seen)) return;
  if (seen_.size() >= 2 * kSeenMax) {
    cut_ = true;
    return;
  }
  seen.source = origin_text(event.origin);
  seen.program = event.program;
  seen.message = event.message.substr(0, kMessageBytesMax);
  seen_.push_back(std::move(seen));
}

void Trail::settle() {
  std::ranges::stable_sort(
      seen_, [](const Seen& a, const Seen& b) { return a.at.value_or(kDistantPast) < b.at.value_or(kDistantPast); });
  const auto [first, last] =
      std::ranges::unique(seen_, [](const Seen& a, const Seen& b) { return a.source == b.source; });
  seen_.erase(first, last);
  if (seen_.size() <= kSeenMax) return;
  cut_ = true;
  seen_.resize(kSeenMax);  // the earliest: the way in lies there
}

}  // namespace abate::diagnosis
