// SPDX-License-Identifier: Apache-2.0
// web/pages/frame.h — what stands around every page: head, navigation, who is signed in, and what to say at the top.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/time.h"
#include "model/actor.h"
#include "web/http.h"
#include "web/pages/sheet.h"

namespace abate::web {

struct Banner {
  std::string tone;    // "good", "warn", "bad"
  std::string text;    // a sentence; empty: none
  std::string link{};  // "#claim": the form that it speaks of, where that is far below; or empty
};

struct Frame {
  std::string provider;  // "Example Hosting"
  std::string title;
  std::string_view active;       // "review", "tickets", "reports", "mail": marked in the navigation
  std::optional<Principal> who;  // signed in as
  std::string csrf;
  bool demo_mail = false;
  Instant now;
  Banner banner;
};

// Fills the layout's own values, and gives the part that `template_name` fills: values set there are that page's.
Part framed(Sheet& sheet, const Frame& frame, std::string_view template_name);

// An HTML answer with the headers that every page carries: a strict Content-Security-Policy, no caching, no framing.
Response html(int status, std::string body);
Response see_other(std::string location);  // 303: a form was taken, look there now

struct ErrorView {
  int status = 404;
  std::string what;  // what happened, when more is known than the status says
  std::string back_url = "/";
};
std::string render(const Frame& frame, const ErrorView& view);

}  // namespace abate::web
