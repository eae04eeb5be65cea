// SPDX-License-Identifier: Apache-2.0
#include "model/actor.h"

#include "model/words.h"

namespace abate {
namespace {

constexpr std::array kRoles{Word{Role::customer, "customer"}, Word{Role::analyst, "analyst"}, Word{Role::lead, "lead"},
                            Word{Role::admin, "admin"}};
constexpr std::array kScopes{Word{Scope::reports, "reports"}, Word{Scope::desk, "desk"},
                             Word{Scope::customer, "customer"}, Word{Scope::metrics, "metrics"}};

}  // namespace

std::string_view role_name(Role role) { return word_of(kRoles, role); }
std::optional<Role> parse_role(std::string_view name) { return find_word(kRoles, name); }
std::string_view scope_name(Scope scope) { return word_of(kScopes, scope); }
std::optional<Scope> parse_scope(std::string_view name) { return find_word(kScopes, name); }

Principal Principal::person(std::string email, Role role, std::string customer_id) {
  Principal who;
  who.kind = Kind::person;
  who.name = std::move(email);
  who.role = role;
  who.customer_id = std::move(customer_id);
  return who;
}

Principal Principal::token(std::string name, Scope scope, std::string customer_id, std::string reporter) {
  Principal who;
  who.kind = Kind::token;
  who.name = std::move(name);
  who.role = Role::analyst;
  who.scope = scope;
  who.customer_id = std::move(customer_id);
  who.reporter = std::move(reporter);
  return who;
}

Principal Principal::link(std::string ticket_id, std::string customer_id) {
  Principal who = token("link", Scope::customer, std::move(customer_id));
  who.ticket_id = std::move(ticket_id);
  return who;
}

bool Principal::is_customer() const {
  return (kind == Kind::person && role == Role::customer) || (kind == Kind::token && scope == Scope::customer);
}

bool Principal::is_team() const {
  switch (kind) {
    case Kind::system: return true;
    case Kind::person: return role != Role::customer;
    case Kind::token: return scope == Scope::desk;
  }
  return false;
}

bool Principal::may_lead() const {
  return is_team() && (kind != Kind::person || role == Role::lead || role == Role::admin);
}

std::string Principal::actor() const {
  if (kind == Kind::system) return "system";
  if (is_customer()) return "customer:" + customer_id;
  return (kind == Kind::person ? "user:" : "token:") + name;
}

}  // namespace abate
