// SPDX-License-Identifier: Apache-2.0
#include "apps/abated/parts.h"

#include <thread>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/json.hpp>

#include "base/log.h"
#include "desk/accept.h"
#include "desk/clock.h"
#include "desk/courier.h"
#include "desk/ledger.h"
#include "desk/read_line.h"
#include "enforce/enforcer_kind.h"
#include "post/folder_reader.h"
#include "post/lmtp_server.h"
#include "post/smtp_mailer.h"
#include "web/api/api.h"
#include "web/pages/pages.h"
#include "web/server.h"
#include "web/sign_in.h"
#include "wire/ticket_json.h"
#include "worker/workers.h"

namespace abate::apps {
namespace {

constexpr std::size_t kCourierThreads = 2;
constexpr std::size_t kPostThreads = 2;
constexpr std::chrono::milliseconds kLedgerSleepMax{2000};  // the contract: an import is seen within 5 s

// Looks for a new version of the ledger that some import has brought.
class LedgerWatch {
 public:
  explicit LedgerWatch(desk::Desk& desk) : desk_{desk}, thread_{[this] { run(); }} {}
  ~LedgerWatch() { thread_.join(); }
  LedgerWatch(const LedgerWatch&) = delete;
  LedgerWatch& operator=(const LedgerWatch&) = delete;

 private:
  void run() {
    for (std::uint64_t seen = 0; !desk_.bell.closed();
         desk_.bell.wait(desk::Bell::Topic::ledger, seen, kLedgerSleepMax))
      if (const Result<bool> fresh = desk::refresh_ledger(desk_); !fresh)
        log_error("ledger", {{"why", fresh.error().what}});
  }

  desk::Desk& desk_;
  std::thread thread_;
};

class Running final : public Parts {
 public:
  explicit Running(Setup setup)
      : setup_{std::move(setup)}, desk_{*setup_.store, clock_, bell_, provider_of(setup_.config)} {
    desk_.node = node_of(setup_.config);
  }
  // First the ways in, which finish what they accepted; then the loops, each its batch in hand.
  ~Running() override {
    folders_.clear();
    if (lmtp_) lmtp_->stop();
    if (server_) server_->stop();
    post_work_.reset();
    for (std::thread& thread : post_threads_) thread.join();
    lmtp_.reset();
    intake_.reset();
    bell_.close();
  }
  desk::Desk& desk() override { return desk_; }

  Result<void> start() {
    TRY_ASSIGN(const Policy policy, policy_of(setup_.config));
    desk_.policy.store(std::make_shared<const Policy>(policy));
    TRY(setup_.store->write([&](desk::Transaction& store) { return store.release_leases(desk_.node + "/"); }));
    TRY(desk::refresh_ledger(desk_));
    TRY(start_outside());
    start_loops();
    return start_ways_in();
  }

 private:
  Result<void> start_outside() {
    const Config& config = setup_.config;
    TRY_ASSIGN(reader_, worker::start_workers({.count = config.reading_workers,
                                               .memory_max_bytes = config.reading_memory_max_bytes,
                                               .time_max = config.reading_time_max,
                                               .command = {}}));
    TRY_ASSIGN(mailer_, post::make_mailer({.url = config.smtp_url,
                                           .user_file = config.smtp_user_file,
                                           .ca_file = {},
                                           .require_tls = config.smtp_require_tls}));
    for (const EnforcerSection& section : config.enforcers) {
      TRY_ASSIGN(std::unique_ptr<desk::Enforcer> made,
                 enforce::make_enforcer({section.name, section.kind, section.url, section.secret_file, section.run}));
      enforcers_.push_back(std::move(made));
    }
    return {};
  }

  void start_loops() {
    intake_.emplace(*setup_.store, clock_, bell_, desk_.node);
    ledger_watch_.emplace(desk_);
    read_line_.emplace(desk_, *reader_, setup_.config.reading_workers);
    std::vector<desk::Enforcer*> enforcers;
    for (const auto& enforcer : enforcers_) enforcers.push_back(enforcer.get());
    courier_.emplace(desk_, *mailer_, std::move(enforcers), [this](const Ticket& ticket) {
      // As the API shows it to the team, without its incidents: what a panel's script may want to know.
      return boost::json::serialize(wire::ticket_json({.ticket = ticket,
                                                       .terms = desk_.policy.load()->of(ticket.category),
                                                       .incidents = {},
                                                       .incidents_next = {},
                                                       .now = clock_.now(),
                                                       .view = wire::View::team,
                                                       .desk_url = {},
                                                       .desk_token = {}}));
    });
    courier_->start(kCourierThreads);
    deadline_clock_.emplace(desk_);
    deadline_clock_->start();
  }

  post::Accept accept() {
    return [this](desk::NewArrival arrival, desk::Intake::Done done) {
      intake_->accept(std::move(arrival), std::move(done));
    };
  }

  void start_folders() {
    using Kind = post::FolderReader::Kind;
    const std::size_t message_max = setup_.config.message_max_bytes;
    for (const std::string& folder : setup_.config.maildir_folders)
      folders_.push_back(std::make_unique<post::FolderReader>(Kind::maildir, folder, message_max, accept()));
    if (const std::string& feeds = setup_.config.feeds_folder; !feeds.empty())
      folders_.push_back(std::make_unique<post::FolderReader>(Kind::feed, feeds, message_max, accept()));
  }

  Result<void> start_lmtp() {
    const Config& config = setup_.config;
    if (config.lmtp_listen.empty()) return {};
    for (std::size_t i = 0; i < kPostThreads; ++i) post_threads_.emplace_back([this] { post_io_.run(); });
    TRY_ASSIGN(lmtp_, post::LmtpServer::start(
                          post_io_, {.listen = config.lmtp_listen, .host = {}, .message_max = config.message_max_bytes},
                          accept()));
    return {};
  }

  Result<void> start_ways_in() {
    const Config& config = setup_.config;
    TRY(start_lmtp());
    start_folders();
    sign_in_.emplace(desk_);
    api_.emplace(web::Api{desk_, *intake_, traffic_, {}});
    web::add_api(routes_, *api_);
    web::add_pages(routes_, desk_, *sign_in_, {config.provider_name, config.demo_mail_folder});
    web::ServerConfig server;
    server.listen = config.http_listen;
    server.trusted_proxies = config.trusted_proxies;
    TRY_ASSIGN(server_,
               web::Server::start(
                   server, routes_, traffic_, [this](web::Request& request) { return sign_in_->gate(request); },
                   web::api_body_max(config.message_max_bytes)));
    return {};
  }

  Setup setup_;
  SystemClock clock_;
  desk::Bell bell_;
  desk::Desk desk_;
  std::unique_ptr<desk::Reader> reader_;
  std::optional<desk::Intake> intake_;
  std::optional<LedgerWatch> ledger_watch_;
  std::optional<desk::ReadLine> read_line_;
  std::unique_ptr<desk::Mailer> mailer_;
  std::vector<std::unique_ptr<desk::Enforcer>> enforcers_;
  std::optional<desk::Courier> courier_;
  std::optional<desk::DeadlineClock> deadline_clock_;
  std::optional<web::SignIn> sign_in_;
  web::Routes routes_;
  web::Traffic traffic_;
  std::optional<web::Api> api_;
  std::unique_ptr<web::Server> server_;
  boost::asio::io_context post_io_;
  std::optional<boost::asio::executor_work_guard<boost::asio::io_context::executor_type>> post_work_{
      boost::asio::make_work_guard(post_io_)};
  std::vector<std::thread> post_threads_;
  std::unique_ptr<post::LmtpServer> lmtp_;
  std::vector<std::unique_ptr<post::FolderReader>> folders_;
};

}  // namespace

Result<std::unique_ptr<Parts>> start_parts(Setup setup) {
  auto running = std::make_unique<Running>(std::move(setup));
  TRY(running->start());
  return running;
}

}  // namespace abate::apps
