// SPDX-License-Identifier: Apache-2.0
// sweep/host/config/postfix.h — would this Postfix carry a stranger's mail to a stranger?
//
// main.cf and master.cf as postconf(5) and master(5) read them: continuation lines, the later setting wins, $name,
// ${name?x:y}, `-o` of each service. Restriction lists are walked as access(5) says: the first word that decides ends
// its list, a refusal in any list ends all. A word that this does not know decides nothing.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "sweep/host/config/config_text.h"

namespace abate::sweep {

struct PostfixService {
  std::string name;     // "smtp", "submission", "127.0.0.1:10025"
  std::string command;  // "smtpd"
  bool inet = false;
  ConfigLine at;
  std::map<std::string, ConfigLine> overrides;  // text is the value
};

struct RelayDoor {
  ConfigLine at;        // what opens it
  std::string because;  // "mynetworks holds 0.0.0.0/0: everybody"
  std::string service;
};

class Postfix {
 public:
  explicit Postfix(const Tree& tree, std::string folder = "/etc/postfix");

  [[nodiscard]] bool configured() const { return !main_.empty(); }
  // Expanded; Postfix' own default where nothing is said, "" where we know none.
  [[nodiscard]] std::string value(const std::string& name, const PostfixService* service = nullptr) const;
  [[nodiscard]] ConfigLine where(const std::string& name, const PostfixService* service = nullptr) const;
  [[nodiscard]] const std::vector<PostfixService>& services() const { return services_; }
  [[nodiscard]] bool reachable(const PostfixService& service) const;  // by its address and inet_interfaces
  [[nodiscard]] std::optional<RelayDoor> relays_for_strangers(const PostfixService& service) const;

 private:
  enum class Verdict : std::uint8_t { none, permit, reject };
  [[nodiscard]] std::string expand(std::string_view text, const PostfixService* service, int depth,
                                   std::size_t& steps) const;
  [[nodiscard]] Verdict walk(const std::string& list, const PostfixService& service, RelayDoor& door) const;
  [[nodiscard]] Verdict by_table(std::string_view table, bool of_client) const;
  [[nodiscard]] bool holds_everybody(std::string_view networks, int depth, std::string& which) const;
  [[nodiscard]] int compatibility() const;

  const Tree& tree_;
  std::string folder_;
  std::map<std::string, ConfigLine> main_;  // text is the value
  std::vector<PostfixService> services_;
};

}  // namespace abate::sweep
