// SPDX-License-Identifier: Apache-2.0
// web/sign_in.h — who asks: bearer tokens for programs, sessions with a cookie for people.
//
// A token is looked up by the SHA-256 of its secret. A session is 32 random bytes in the cookie `abate_session`
// (HttpOnly, SameSite=Lax, Path=/, Secure where the request was); only its hash is kept; it ends after kSessionLasts.
// Passwords are argon2id (base/password.h); checking takes the same time whether or not the e-mail has an account, and
// at most kPasswordChecksAtOnce run at a time, because each wants 64 MiB.
// SECURITY: kWrongPasswordsMax wrong passwords for one e-mail, or from one address (IPv6: one /64), within
// kWrongPasswordsWindow bring 429, for the right password too. Changes by a session want its CSRF token back.
// Thread-safe. Blocks: to be called on the server's pool.
#pragma once

#include <chrono>
#include <expected>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "desk/desk.h"
#include "web/http.h"

namespace abate::web {

constexpr std::chrono::hours kSessionLasts{12};
constexpr std::uint64_t kWrongPasswordsMax = 20;
constexpr std::chrono::minutes kWrongPasswordsWindow{15};
constexpr std::ptrdiff_t kPasswordChecksAtOnce = 2;
constexpr int kPasswordChecksWaitingMax = 6;  // more come back later: they would hold the pool's threads
constexpr std::string_view kSessionCookie = "abate_session";

struct SignedIn {
  std::string secret;  // the cookie's value
  Session session;
  User user;
};

struct SignInRefusal {
  int status = 401;       // 401 wrong e-mail or password, 429 too many tries, 503 the store is away
  std::string what;       // a sentence for the page; it does not tell whether the e-mail has an account
  int retry_after_s = 0;  // 429 and 503
};

class SignIn {
 public:
  explicit SignIn(desk::Desk& desk);
  ~SignIn();
  SignIn(const SignIn&) = delete;
  SignIn& operator=(const SignIn&) = delete;

  // Fills `who` and `session` of a request, from "Authorization: Bearer" or else from the cookie. An answer is returned
  // where the request must not go on: a token that opens nothing (401), the store away (503). Without either, or with
  // a session that has ended, `who` stays empty.
  std::optional<Response> identify(Request& request) const;
  // identify, and for paths beneath /api/v1/ what a program needs besides: 401 where nobody is signed in, 403 where a
  // session changes something without "X-CSRF-Token". Given to the server as its gate.
  std::optional<Response> gate(Request& request) const;

  std::expected<SignedIn, SignInRefusal> sign_in(const std::string& email, std::string_view password,
                                                 const std::string& peer);
  // Ends the session of the request, if it has one.
  Result<void> sign_out(const Request& request);

 private:
  struct Inside;
  std::unique_ptr<Inside> inside_;
};

// Set-Cookie values.
std::string session_cookie(const SignedIn& signed_in, bool secure);
std::string ended_cookie(bool secure);

// Of "Authorization: Bearer TOKEN"; "" where there is none.
std::string_view bearer_token(const Request& request);
// For forms: is the hidden `csrf` that of the request's session? False without a session.
bool csrf_holds(const Request& request, std::string_view csrf);
// For forms that come before there is a session (/login): false where the browser says that another site sent it
// (Sec-Fetch-Site, Origin). Programs that send neither pass.
bool sent_by_our_page(const Request& request);
// May this method change something?
bool is_change(std::string_view method);

}  // namespace abate::web
