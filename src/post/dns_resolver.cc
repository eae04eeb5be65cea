// SPDX-License-Identifier: Apache-2.0
#include "post/dns_resolver.h"

#include <algorithm>
#include <array>
#include <map>
#include <mutex>

#include <ares.h>
#include <arpa/nameser.h>
#include <poll.h>

#include "base/log.h"
#include "base/text.h"

namespace abate::post {
namespace {

using SteadyClock = std::chrono::steady_clock;

struct Kept {
  std::vector<std::string> texts;  // empty: the name has none
  SteadyClock::time_point until;
};

struct Question {  // lives until its answer came or the channel ended
  std::string name;
  bool answered = false;
  Kept kept;
};

// The texts of an answer and how long they hold.
Kept parse_answer(const unsigned char* bytes, int size) {
  Kept out;
  ares_txt_ext* list = nullptr;
  if (ares_parse_txt_reply_ext(bytes, size, &list) != ARES_SUCCESS) return out;
  for (const ares_txt_ext* piece = list; piece != nullptr; piece = piece->next) {
    const std::string_view text{reinterpret_cast<const char*>(piece->txt), piece->length};
    if (piece->record_start != 0 || out.texts.empty()) {
      if (out.texts.size() == kTextsOfNameMax) break;
      out.texts.emplace_back();
    }
    if (out.texts.back().size() + text.size() <= kTextBytesMax) out.texts.back() += text;
  }
  ares_free_data(list);
  std::erase_if(out.texts,
                [](const std::string& text) { return !is_valid_utf8(text) || text.find('\0') != text.npos; });
  return out;
}

// c-ares gives no time to live with a TXT reply: the first one of the answer section is read here.
std::chrono::seconds time_to_live(const unsigned char* bytes, int size) {
  ns_msg message;
  ns_rr record;
  if (ns_initparse(bytes, size, &message) != 0 || ns_msg_count(message, ns_s_an) == 0 ||
      ns_parserr(&message, ns_s_an, 0, &record) != 0)
    return kNothingKept;
  return std::clamp(std::chrono::seconds{ns_rr_ttl(record)}, std::chrono::seconds{1},
                    std::chrono::duration_cast<std::chrono::seconds>(kTextKeptMost));
}

void on_answer(void* place, int status, int, unsigned char* bytes, int size) {
  auto& question = *static_cast<Question*>(place);
  const bool certain = status == ARES_SUCCESS || status == ARES_ENODATA || status == ARES_ENOTFOUND;
  if (!certain) {
    log_warning("dns", {{"name", question.name}, {"why", ares_strerror(status)}});
    return;
  }
  question.answered = true;
  if (status == ARES_SUCCESS) question.kept = parse_answer(bytes, size);
  question.kept.until = SteadyClock::now() + (question.kept.texts.empty() ? kNothingKept : time_to_live(bytes, size));
}

class Channel {
 public:
  explicit Channel(const std::string& servers) {
    ares_options options{};
    options.timeout = 1'500;
    options.tries = 2;
    if (ares_init_options(&channel_, &options, ARES_OPT_TIMEOUTMS | ARES_OPT_TRIES) != ARES_SUCCESS) channel_ = nullptr;
    if (channel_ != nullptr && !servers.empty() &&
        ares_set_servers_ports_csv(channel_, servers.c_str()) != ARES_SUCCESS) {
      ares_destroy(channel_);
      channel_ = nullptr;
    }
  }
  ~Channel() {
    if (channel_ != nullptr) ares_destroy(channel_);  // answers what is left as cancelled
  }
  Channel(const Channel&) = delete;
  Channel& operator=(const Channel&) = delete;
  [[nodiscard]] bool ready() const { return channel_ != nullptr; }

  void ask(Question& question) { ares_query(channel_, question.name.c_str(), ns_c_in, ns_t_txt, on_answer, &question); }

  // Until all are answered or the time is over.
  void run(std::chrono::milliseconds time_max) {
    const auto end = SteadyClock::now() + time_max;
    while (SteadyClock::now() < end) {
      std::array<ares_socket_t, ARES_GETSOCK_MAXNUM> sockets{};
      const auto bits = static_cast<unsigned>(ares_getsock(channel_, sockets.data(), ARES_GETSOCK_MAXNUM));
      std::array<pollfd, ARES_GETSOCK_MAXNUM> polled{};
      nfds_t count = 0;
      for (unsigned i = 0; i < ARES_GETSOCK_MAXNUM; ++i) {
        const bool read = (bits >> i & 1U) != 0, write = (bits >> (i + ARES_GETSOCK_MAXNUM) & 1U) != 0;
        if (read || write)
          polled[count++] = {sockets[i], static_cast<short>((read ? POLLIN : 0) | (write ? POLLOUT : 0)), 0};
      }
      if (count == 0) return;
      timeval most{0, 200'000}, next{};
      const timeval* wait = ares_timeout(channel_, &most, &next);
      const int ready = poll(polled.data(), count, static_cast<int>(wait->tv_sec * 1'000 + wait->tv_usec / 1'000 + 1));
      if (ready <= 0) ares_process_fd(channel_, ARES_SOCKET_BAD, ARES_SOCKET_BAD);  // its own timeouts
      for (nfds_t i = 0; i < count && ready > 0; ++i) {
        const bool read = (polled[i].revents & (POLLIN | POLLERR | POLLHUP)) != 0;
        const bool write = (polled[i].revents & POLLOUT) != 0;
        if (read || write)
          ares_process_fd(channel_, read ? polled[i].fd : ARES_SOCKET_BAD, write ? polled[i].fd : ARES_SOCKET_BAD);
      }
    }
  }

 private:
  ares_channel channel_ = nullptr;
};

class DnsResolver final : public desk::Resolver {
 public:
  explicit DnsResolver(std::string servers) : servers_{std::move(servers)} {}

  std::vector<DnsText> texts(std::span<const std::string> names) override {
    const std::lock_guard lock{mutex_};
    ask_for_what_is_missing(names);
    std::vector<DnsText> out;
    for (const std::string& name : names)
      if (const auto found = kept_.find(name); found != kept_.end())
        for (const std::string& text : found->second.texts) out.push_back({name, text});
    return out;
  }

 private:
  void ask_for_what_is_missing(std::span<const std::string> names) {
    const auto now = SteadyClock::now();
    std::vector<Question> questions;
    for (const std::string& name : names) {
      const auto found = kept_.find(name);
      if (found != kept_.end() && found->second.until > now) continue;
      if (found != kept_.end()) kept_.erase(found);
      questions.push_back({name, false, {}});
    }
    if (questions.empty()) return;
    {
      Channel channel{servers_};
      if (!channel.ready()) return;
      for (Question& question : questions) channel.ask(question);
      channel.run(kDnsTimeMax);
    }
    make_room(questions.size(), now);
    for (Question& question : questions)
      if (question.answered) kept_.insert_or_assign(question.name, std::move(question.kept));
  }

  void make_room(std::size_t count, SteadyClock::time_point now) {
    if (kept_.size() + count <= kTextKeptMax) return;
    std::erase_if(kept_, [&](const auto& each) { return each.second.until <= now; });
    if (kept_.size() + count > kTextKeptMax) kept_.clear();
  }

  const std::string servers_;  // as c-ares wants them; empty: the system's
  std::mutex mutex_;
  std::map<std::string, Kept> kept_;
};

}  // namespace

Result<std::unique_ptr<desk::Resolver>> make_dns_resolver(const std::vector<std::string>& servers) {
  // Once in the process, before any channel; it is never undone.
  static const int ready = ares_library_init(ARES_LIB_INIT_ALL);
  if (ready != ARES_SUCCESS) return failure(Fault::unavailable, "c-ares: {}", ares_strerror(ready));
  std::string list;
  for (const std::string& server : servers)
    if (server != "system") list += (list.empty() ? "" : ",") + server;
  if (!Channel{list}.ready())
    return failure(Fault::malformed, "dns.servers: '{}' is no list of addresses such as 127.0.0.1:53 or [::1]:53",
                   list);
  return std::make_unique<DnsResolver>(std::move(list));
}

}  // namespace abate::post
