// SPDX-License-Identifier: Apache-2.0
// model/actor.h — who does something, and what they may do.
//
// An actor is written into every entry: "customer:c-7", "user:ada@example.net", "token:siem", "system".
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace abate {

enum class Role : std::uint8_t { customer, analyst, lead, admin };
std::string_view role_name(Role role);
std::optional<Role> parse_role(std::string_view name);

enum class Scope : std::uint8_t { reports, desk, customer, metrics };
std::string_view scope_name(Scope scope);
std::optional<Scope> parse_scope(std::string_view name);

struct Principal {
  enum class Kind : std::uint8_t { system, person, token };
  Kind kind = Kind::system;
  std::string name;           // a person's e-mail, a token's name
  Role role = Role::admin;    // of a person
  Scope scope = Scope::desk;  // of a token
  std::string customer_id;    // where it speaks for a customer
  std::string ticket_id;      // where it reaches one ticket only: the token of that ticket's link
  std::string reporter;       // domain that a token of scope `reports` speaks for; may be empty

  static Principal system() { return {}; }
  static Principal person(std::string email, Role role, std::string customer_id = {});
  static Principal token(std::string name, Scope scope, std::string customer_id = {}, std::string reporter = {});

  // The token of a ticket's link: the customer of that ticket, and of no other.
  static Principal link(std::string ticket_id, std::string customer_id);

  [[nodiscard]] bool is_customer() const;  // sees only the tickets of customer_id
  [[nodiscard]] bool is_team() const;      // analyst, lead, admin, desk token, system
  [[nodiscard]] bool may_lead() const;     // lead, admin, desk token, system: measures, policy, ledger
  [[nodiscard]] bool is_link() const { return !ticket_id.empty(); }
  [[nodiscard]] bool is_named_person() const { return kind == Kind::person; }
  [[nodiscard]] std::string actor() const;
};

}  // namespace abate
