// SPDX-License-Identifier: Apache-2.0
// web/pages_desk.h — the pages over a real desk and a real SQLite store in a temporary folder, asked without a socket.
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "base/clock.h"
#include "desk/desk.h"
#include "web/pages/pages.h"
#include "web/pages_samples.h"
#include "web/sign_in.h"

namespace abate::web {

class PagesDesk {
 public:
  PagesDesk();
  ~PagesDesk();

  // Somebody signed in: the value for `as` below.
  std::string sign_in(const std::string& email, Role role, const std::string& customer_id = {});
  Response get(const std::string& as, const std::string& path_and_query,
               std::vector<std::pair<std::string, std::string>> headers = {});
  // Adds the csrf of `as` unless `fields` names one. Fields are "a=b&c=d", encoded.
  Response post(const std::string& as, const std::string& path, std::string fields,
                std::vector<std::pair<std::string, std::string>> headers = {});

  // A ticket with one incident of a kept report.
  Ticket put_ticket(TicketState state, const std::string& customer_id = "c-7");
  std::string put_report(bool needs_person);
  Ticket ticket(const std::string& id);

  ManualClock clock{samples::now()};
  std::filesystem::path mails() const { return folder_ / "mails"; }

 private:
  Response ask(Request request);
  std::filesystem::path folder_;
  std::unique_ptr<desk::Store> store_;
  desk::Bell bell_;
  std::unique_ptr<desk::Desk> desk_;
  std::unique_ptr<SignIn> sign_in_;
  Routes routes_;
  int made_ = 0;
};

// The value of the page's hidden field `version`, as somebody who looks at it would send it back.
std::string version_in(const Response& page);

}  // namespace abate::web
