// SPDX-License-Identifier: Apache-2.0
// sweep/host/logs/access.h — access logs of web servers, in the format that their configuration names.
//
//   AccessFormat format = AccessFormat::parse_apache("%v:%p %h %l %u %t \"%r\" %>s %O \"%{Referer}i\"");
//   if (format.read(line, stamps, event)) ...
//
// Common, combined and vhost_combined are known without configuration and read by a path of their own. The client is
// the one that connected; where that is this server's own proxy (loopback or private) and the line has X-Forwarded-For,
// its last public address: earlier ones are the visitor's own claims. Values; pure. A line that does not fit is
// refused.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sweep/host/logs/stamps.h"
#include "sweep/kit/event.h"
#include "sweep/kit/tree.h"

namespace abate::sweep {

class AccessFormat {
 public:
  AccessFormat() = default;  // common and its kin, with or without a site in front
  static AccessFormat parse_apache(std::string_view text);
  static AccessFormat parse_nginx(std::string_view text);

  bool read(std::string_view line, Stamps& stamps, Event& event) const;

  static constexpr std::size_t kPartsMax = 64;

 private:
  enum class Field : std::uint8_t {
    none,
    site,
    client,
    forwarded,
    user,
    time,
    request,
    method,
    target,
    status,
    bytes,
    referer,
    agent
  };
  struct Part {
    Field field = Field::none;
    std::string until;  // what follows the value
  };
  bool read_known(std::string_view line, Stamps& stamps, Event& event) const;
  static bool read_usual(std::string_view line, Stamps& stamps, Event& event);
  void finish();

  std::string before_;
  std::vector<Part> parts_;  // empty: the usual ones
};

// Which format each configured access log has, by path; from Apache's LogFormat and CustomLog, nginx's log_format and
// access_log. Logs that are not named there have a usual one.
std::map<std::string, AccessFormat, std::less<>> access_formats(const Tree& tree);
constexpr std::size_t kFormatsMax = 2000;

}  // namespace abate::sweep
