// SPDX-License-Identifier: Apache-2.0
#include "web/sign_in.h"

#include <atomic>
#include <semaphore>

#include "base/hash.h"
#include "base/ip.h"
#include "base/log.h"
#include "base/password.h"
#include "base/random.h"
#include "base/text.h"
#include "desk/ticket_link.h"

namespace abate::web {
namespace {

constexpr std::size_t kSecretBytes = 32;
constexpr std::size_t kSecretTextMax = 256;  // longer values are nobody's

std::string_view cookie_of(const Request& request) {
  for (const auto& [name, value] : request.headers) {
    if (name != "cookie") continue;
    for (std::string_view pair : split(value, ';')) {
      pair = trim(pair);
      const auto equals = pair.find('=');
      if (equals != std::string_view::npos && pair.substr(0, equals) == kSessionCookie) return pair.substr(equals + 1);
    }
  }
  return {};
}

Response not_signed_in(std::string_view detail, bool wrong_token) {
  Response out = problem(401, "Not signed in", detail);
  out.headers.emplace_back("WWW-Authenticate",
                           wrong_token ? "Bearer realm=\"abate\", error=\"invalid_token\"" : "Bearer realm=\"abate\"");
  return out;
}

// Whom wrong passwords are counted against: an IPv6 address stands for its /64, which one person has whole.
std::string counted_peer(const std::string& peer) {
  const Result<IpAddress> address = parse_ip(peer);
  if (!address || address->is_v4()) return peer;
  std::array<std::uint8_t, 16> bytes = address->bytes();
  std::fill(bytes.begin() + 8, bytes.end(), std::uint8_t{0});
  return IpAddress::from_bytes(bytes).to_string() + "/64";
}

std::string cookie_attributes(bool secure) {
  return std::string{"; Path=/; HttpOnly; SameSite=Lax"} + (secure ? "; Secure" : "");
}

SignInRefusal too_many(int retry_after_s) {
  return {429, "Too many attempts. Please wait a quarter of an hour, or ask the provider for help.", retry_after_s};
}

SignInRefusal away(const Error& error) {
  log_error("sign_in_away", {{"why", error.what}});
  return {503, "Signing in is not possible right now. Please try again in a minute.", 60};
}

}  // namespace

struct SignIn::Inside {
  desk::Desk& desk;
  std::counting_semaphore<kPasswordChecksAtOnce> checks{kPasswordChecksAtOnce};
  std::atomic<int> waiting{0};

  explicit Inside(desk::Desk& d) : desk{d} {}

  std::expected<SignedIn, SignInRefusal> check(const std::string& email, std::string_view password,
                                               const std::string& from);
};

SignIn::SignIn(desk::Desk& desk) : inside_{std::make_unique<Inside>(desk)} {}
SignIn::~SignIn() = default;

std::optional<Response> SignIn::identify(Request& request) const {
  desk::Desk& desk = inside_->desk;
  const std::string_view authorization = request.header("authorization");
  if (!authorization.empty()) {
    const std::string_view secret = bearer_token(request);
    if (secret.empty() || secret.size() > kSecretTextMax)
      return not_signed_in("the Authorization header is not 'Bearer TOKEN'", true);
    if (secret.starts_with(desk::kTicketTokenPrefix)) {
      Result<Principal> who = desk::principal_of_link(desk, secret);
      if (!who && who.error().fault == Fault::not_found)
        return not_signed_in("this link is not good, or no more: a new one is on the ticket's page", true);
      if (!who) return problem(who.error());
      request.who = *std::move(who);
      return std::nullopt;
    }
    const Result<ApiToken> token =
        desk::in_read(desk.store, [&](desk::Transaction& store) { return store.token_by_secret(sha256_hex(secret)); });
    if (!token && token.error().fault == Fault::not_found) return not_signed_in("this token is not known", true);
    if (!token) return problem(token.error());
    request.who = Principal::token(token->name, token->scope, token->customer_id, token->reporter);
    return std::nullopt;
  }
  const std::string_view secret = cookie_of(request);
  if (secret.empty() || secret.size() > kSecretTextMax) return std::nullopt;
  const auto found = desk::in_read(desk.store, [&](desk::Transaction& store) -> Result<std::pair<Session, User>> {
    TRY_ASSIGN(Session session, store.session(sha256_hex(secret), desk.clock.now()));
    TRY_ASSIGN(User user, store.user(session.email));
    return std::pair{std::move(session), std::move(user)};
  });
  if (!found && found.error().fault == Fault::not_found) return std::nullopt;
  if (!found) return problem(found.error());
  request.session = found->first;
  request.who = Principal::person(found->second.email, found->second.role, found->second.customer_id);
  return std::nullopt;
}

std::optional<Response> SignIn::gate(Request& request) const {
  if (auto refused = identify(request)) return refused;
  if (!request.path.starts_with("/api/v1/")) return std::nullopt;
  if (!request.who) return not_signed_in("send 'Authorization: Bearer TOKEN', or sign in at /login", false);
  if (request.session && is_change(request.method) && !csrf_holds(request, request.header("x-csrf-token")))
    return problem(403, "Not allowed", "a change by session needs X-CSRF-Token, as the page's meta csrf-token says");
  return std::nullopt;
}

std::expected<SignedIn, SignInRefusal> SignIn::sign_in(const std::string& email, std::string_view password,
                                                       const std::string& peer) {
  if (inside_->waiting.fetch_add(1) >= kPasswordChecksWaitingMax) {
    inside_->waiting.fetch_sub(1);
    return std::unexpected(too_many(2));
  }
  inside_->checks.acquire();
  auto checked = inside_->check(to_lower(trim(email)), password, counted_peer(peer));
  inside_->checks.release();
  inside_->waiting.fetch_sub(1);
  return checked;
}

std::expected<SignedIn, SignInRefusal> SignIn::Inside::check(const std::string& email, std::string_view password,
                                                             const std::string& from) {
  const Instant now = desk.clock.now();
  const auto known = desk::in_read(desk.store, [&](desk::Transaction& store) -> Result<std::optional<User>> {
    TRY_ASSIGN(const std::uint64_t failed, store.failed_sign_ins(email, from, now - kWrongPasswordsWindow));
    if (failed >= kWrongPasswordsMax) return failure(Fault::refused, "too many");
    Result<User> user = store.user(email);
    if (user) return *std::move(user);
    if (user.error().fault != Fault::not_found) return std::unexpected(user.error());
    return std::optional<User>{};
  });
  if (!known && known.error().fault == Fault::refused)
    return std::unexpected(too_many(static_cast<int>(std::chrono::seconds{kWrongPasswordsWindow}.count())));
  if (!known) return std::unexpected(away(known.error()));
  const bool right = password_holds(password, *known ? (*known)->password_hash : std::string{});
  SignedIn out;
  if (*known && right) {
    out.secret = random_token(kSecretBytes);
    out.user = **known;
    out.session = {sha256_hex(out.secret), out.user.email, random_token(kSecretBytes), now, now + kSessionLasts};
  }
  const Result<void> written = desk.store.write([&](desk::Transaction& store) -> Result<void> {
    if (out.secret.empty()) return store.note_failed_sign_in(email.substr(0, 254), from, now);
    TRY(store.forget_failed_sign_ins(email));
    return store.add_session(out.session);
  });
  if (!written) return std::unexpected(away(written.error()));
  if (!out.secret.empty()) {
    log_info("signed_in", {{"email", out.user.email}, {"from", from}});
    return out;
  }
  log_info("sign_in_failed", {{"from", from}});
  return std::unexpected(SignInRefusal{401, "E-mail or password is wrong.", 0});
}

Result<void> SignIn::sign_out(const Request& request) {
  if (!request.session) return {};
  return inside_->desk.store.write(
      [&](desk::Transaction& store) { return store.end_session(request.session->secret_sha256); });
}

std::string session_cookie(const SignedIn& signed_in, bool secure) {
  return fmt::format("{}={}{}; Max-Age={}", kSessionCookie, signed_in.secret, cookie_attributes(secure),
                     std::chrono::seconds{kSessionLasts}.count());
}

std::string ended_cookie(bool secure) {
  return fmt::format("{}={}; Max-Age=0", kSessionCookie, cookie_attributes(secure));
}

std::string_view bearer_token(const Request& request) {
  const std::string_view authorization = request.header("authorization");
  return starts_with_ignoring_case(authorization, "bearer ") ? trim(authorization.substr(7)) : std::string_view{};
}

bool csrf_holds(const Request& request, std::string_view csrf) {
  return request.session && !request.session->csrf.empty() && equal_secret(request.session->csrf, csrf);
}

bool sent_by_our_page(const Request& request) {
  const std::string_view site = request.header("sec-fetch-site");
  if (!site.empty()) return site == "same-origin" || site == "none";
  const std::string_view origin = request.header("origin");
  if (origin.empty()) return true;
  const auto scheme = origin.find("://");
  return scheme != std::string_view::npos && equals_ignoring_case(origin.substr(scheme + 3), request.header("host"));
}

bool is_change(std::string_view method) { return method != "GET" && method != "HEAD" && method != "OPTIONS"; }

}  // namespace abate::web
