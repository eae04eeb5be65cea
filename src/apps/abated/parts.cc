// SPDX-License-Identifier: Apache-2.0
#include "apps/abated/parts.h"

#include <thread>
#include <tuple>
#include <utility>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/json.hpp>

#include "base/log.h"
#include "desk/accept.h"
#include "desk/clock.h"
#include "desk/courier.h"
#include "desk/ledger.h"
#include "desk/read_line.h"
#include "desk/verify.h"
#include "enforce/enforcer_kind.h"
#include "post/dns_resolver.h"
#include "post/folder_reader.h"
#include "post/listen.h"
#include "post/lmtp_server.h"
#include "post/smtp_mailer.h"
#include "probe/prober.h"
#include "store/open_store.h"
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

Result<std::unique_ptr<desk::Reader>> readers_of(const Config& config) {
  return worker::start_workers({.count = config.reading_workers,
                                .memory_max_bytes = config.reading_memory_max_bytes,
                                .time_max = config.reading_time_max,
                                .command = {}});
}

Result<desk::Carriers> carriers_of(const Config& config) {
  desk::Carriers out;
  TRY_ASSIGN(out.mailer, post::make_mailer({.url = config.smtp_url,
                                            .user_file = config.smtp_user_file,
                                            .ca_file = {},
                                            .require_tls = config.smtp_require_tls}));
  for (const EnforcerSection& section : config.enforcers) {
    TRY_ASSIGN(std::shared_ptr<desk::Enforcer> made,
               enforce::make_enforcer({section.name, section.kind, section.url, section.secret_file, section.run}));
    out.enforcers.push_back(std::move(made));
  }
  return out;
}

// Null: this desk tries nothing from outside.
std::shared_ptr<desk::Prober> prober_of(const ProbeSection& probe) {
  if (!probe.enabled) return nullptr;
  return probe::make_prober({.source = probe.source,
                             .listener = probe.listener,
                             .listener_seen_as = probe.listener_seen_as,
                             .listener_port = static_cast<std::uint16_t>(probe.listener_port),
                             .bounds = {.patience = probe.time_max}});
}

Result<std::unique_ptr<desk::Resolver>> resolver_of(const Config& config) {
  if (config.dns_servers.empty()) return std::unique_ptr<desk::Resolver>{};
  return post::make_dns_resolver(config.dns_servers);
}

template <class Value>
Result<Value> named(std::string_view key, Result<Value> value) {
  if (value) return value;
  return failure(value.error().fault, "{}: {}", key, value.error().what);
}

auto reading_of(const Config& config) {
  return std::tuple{config.reading_workers, config.reading_memory_max_bytes, config.reading_time_max,
                    config.dns_servers};
}

std::vector<std::string_view> wants_restart(const Config& former, const Config& fresh) {
  std::vector<std::string_view> keys;
  if (former.store_url != fresh.store_url) keys.emplace_back("store.url");
  if (former.http_listen != fresh.http_listen) keys.emplace_back("http.listen");
  if (former.trusted_proxies != fresh.trusted_proxies) keys.emplace_back("http.trusted_proxies");
  if (former.lmtp_listen != fresh.lmtp_listen) keys.emplace_back("lmtp.listen");
  if (former.message_max_bytes != fresh.message_max_bytes) keys.emplace_back("reading.message_max");
  if (former.node != fresh.node) keys.emplace_back("node.name");
  return keys;
}

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
    TRY_ASSIGN(web::Playbooks playbooks, web::Playbooks::of_folder(setup_.config.playbooks_folder));
    playbooks_.store(std::make_shared<const web::Playbooks>(std::move(playbooks)));
    desk_.policy.store(std::make_shared<const Policy>(policy));
    TRY(setup_.store->write([&](desk::Transaction& store) { return store.release_leases(desk_.node + "/"); }));
    TRY(desk::refresh_ledger(desk_));
    TRY_ASSIGN(std::shared_ptr<desk::Reader> reader, readers_of(setup_.config));
    reader_.store(reader);
    TRY_ASSIGN(resolver_, resolver_of(setup_.config));
    TRY_ASSIGN(desk::Carriers carriers, carriers_of(setup_.config));
    start_loops(std::move(carriers));
    return start_ways_in();
  }

  Result<void> take(const Config& fresh) override {
    // All that can fail comes first: whole or not at all.
    TRY_ASSIGN(const Policy policy, policy_of(fresh));
    TRY_ASSIGN(web::Playbooks playbooks, web::Playbooks::of_folder(fresh.playbooks_folder));
    TRY_ASSIGN(desk::Carriers carriers, carriers_of(fresh));
    const Config former = std::exchange(setup_.config, fresh);
    if (reading_of(former) != reading_of(fresh)) {
      Result<std::unique_ptr<desk::Reader>> made = readers_of(fresh);
      Result<std::unique_ptr<desk::Resolver>> resolver = resolver_of(fresh);
      if (!made || !resolver) {
        setup_.config = former;
        return std::unexpected(made ? resolver.error() : made.error());
      }
      const std::shared_ptr<desk::Reader> reader = std::move(*made);
      const std::shared_ptr<desk::Reader> before = reader_.exchange(reader);
      read_line_.reset();  // ends with its batch in hand
      resolver_ = std::move(*resolver);
      read_line_.emplace(desk_, *reader, resolver_.get(), fresh.reading_workers);
    }
    desk_.policy.store(std::make_shared<const Policy>(policy));
    playbooks_.store(std::make_shared<const web::Playbooks>(std::move(playbooks)));
    desk_.provider.store(std::make_shared<const desk::Provider>(provider_of(fresh)));
    courier_->use(std::move(carriers));
    if (former.probe != fresh.probe) start_probes();
    if (former.maildir_folders != fresh.maildir_folders || former.feeds_folder != fresh.feeds_folder) {
      folders_.clear();
      start_folders();
    }
    bell_.ring(desk::Bell::Topic::ledger);  // prefixes
    bell_.ring(desk::Bell::Topic::due);
    bell_.ring(desk::Bell::Topic::outbox);
    for (const std::string_view key : wants_restart(former, fresh))
      log_warning("restart_needed", {{"key", std::string{key}}, {"why", "it is taken at the start only"}});
    return {};
  }

 private:
  void start_loops(desk::Carriers carriers) {
    intake_.emplace(*setup_.store, clock_, bell_, desk_.node);
    ledger_watch_.emplace(desk_);
    read_line_.emplace(desk_, *reader_.load(), resolver_.get(), setup_.config.reading_workers);
    courier_.emplace(desk_, std::move(carriers), [this](const Ticket& ticket) {
      // As the API shows it to the team, without its incidents: what a panel's script may want to know.
      return boost::json::serialize(wire::ticket_json({.ticket = ticket,
                                                       .terms = desk_.policy.load()->of(ticket.category),
                                                       .incidents = {},
                                                       .incidents_next = {},
                                                       .now = clock_.now(),
                                                       .view = wire::View::team,
                                                       .desk_url = desk_.provider.load()->public_url,
                                                       .desk_token = {}}));
    });
    courier_->start(kCourierThreads);
    deadline_clock_.emplace(desk_);
    deadline_clock_->start();
    start_probes();
  }

  // The former ones end with the conversation in hand.
  void start_probes() {
    const ProbeSection& probe = setup_.config.probe;
    probes_.reset();
    probes_.emplace(desk_, prober_of(probe), desk::ProbeRunner::Limits{probe.concurrency, probe.pause});
    probes_->start();
  }

  // Mail servers and panels that are away stop nobody from bringing a report: they are told, and the desk is ready.
  std::vector<web::HealthPart> health() {
    std::vector<web::HealthPart> parts{{"intake", intake_->standing(), true},
                                       {"readers", reader_.load()->check(), true}};
    for (const auto& [name, standing] : courier_->standings()) {
      Result<void> found;
      if (standing.away) found = failure(Fault::unavailable, "{}", standing.why);
      parts.push_back({name, std::move(found), false});
    }
    return parts;
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
    api_.emplace(web::Api{desk_, *intake_, traffic_, [this] { return health(); }});
    web::add_api(routes_, *api_);
    web::add_pages(routes_, desk_, *sign_in_, {config.demo_mail_folder, [this] { return playbooks_.load(); }});
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
  std::atomic<std::shared_ptr<desk::Reader>> reader_;  // replaced by take(), asked by /readyz
  std::unique_ptr<desk::Resolver> resolver_;           // null: DNS is not asked
  std::atomic<std::shared_ptr<const web::Playbooks>> playbooks_;
  std::optional<desk::Intake> intake_;
  std::optional<LedgerWatch> ledger_watch_;
  std::optional<desk::ReadLine> read_line_;
  std::optional<desk::Courier> courier_;
  std::optional<desk::DeadlineClock> deadline_clock_;
  std::optional<desk::ProbeRunner> probes_;
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

Result<void> check_parts(const Config& config) {
  TRY(store::check_url(config.store_url));
  TRY(named("http.listen", post::parse_listen(config.http_listen)));
  if (!config.lmtp_listen.empty()) TRY(named("lmtp.listen", post::parse_listen(config.lmtp_listen)));
  TRY(carriers_of(config));
  TRY(resolver_of(config));
  return {};
}

Result<std::unique_ptr<Parts>> start_parts(Setup setup) {
  auto running = std::make_unique<Running>(std::move(setup));
  TRY(running->start());
  return running;
}

}  // namespace abate::apps
