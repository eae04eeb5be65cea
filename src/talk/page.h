// SPDX-License-Identifier: Apache-2.0
// talk/page.h — what a web server at one address answers to GET of a URL, as a browser of one's choice.
//
//   PageAsk asked{.peer = {.address = address, .port = url.port}, .url = url};
//   TRY_ASSIGN(const PageSeen seen, look_at_page(asked));
//
// SECURITY: the URL's host is never looked up: it goes into Host (and SNI, for https) only. Redirections are told, not
// followed. The first bytes_max / 2 of the body are kept and hashed, the rest is not waited for. Nothing of it is run
// or shown. Blocks for the bounds' patience at most. Thread-safe: no state.
#pragma once

#include <array>
#include <string>
#include <string_view>

#include "talk/http.h"
#include "talk/line.h"

namespace abate::talk {

struct UserAgent {
  std::string_view name;  // "a phone"
  std::string_view words;
};
// Who a kit that shows itself to some only lets in: a browser, a phone, a search engine.
inline constexpr std::array kUserAgents = {
    UserAgent{"a browser",
              "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 "
              "Safari/537.36"},
    UserAgent{"a phone",
              "Mozilla/5.0 (iPhone; CPU iPhone OS 17_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
              "Version/17.1 Mobile/15E148 Safari/604.1"},
    UserAgent{"Google's robot", "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"},
};

struct PageAsk {
  Peer peer;
  HttpUrl url;
  std::string user_agent{kUserAgents[0].words};
  Bounds bounds;
};

struct PageSeen {
  unsigned status = 0;
  std::string location;  // of a redirection
  std::string content_type;
  std::string body;         // its first bytes, as sent
  bool is_cut = false;      // there is more of it
  std::string body_sha256;  // of `body`
  std::string certificate_problem;
  [[nodiscard]] bool is_gone() const;  // 401, 403, 404, 410, 451, 5xx: no page is shown
};

// refused: nobody listens there. unavailable: no answer in time. malformed: no HTTP.
Result<PageSeen> look_at_page(const PageAsk& asked);

}  // namespace abate::talk
