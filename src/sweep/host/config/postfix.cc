// SPDX-License-Identifier: Apache-2.0
#include "sweep/host/config/postfix.h"

#include <algorithm>
#include <charconv>

#include "base/text.h"

namespace abate::sweep {
namespace {

constexpr int kExpandDepthMax = 8;
constexpr std::size_t kExpandStepsMax = 20'000;
constexpr std::size_t kValueBytesMax = 64 << 10;
constexpr std::size_t kServicesMax = 500;

// Lines as postconf(5) joins them: what starts with a blank goes on; comments and empty lines lie between.
std::vector<ConfigLine> logical_lines(const Tree& tree, std::string_view path) {
  std::vector<ConfigLine> out;
  const std::string text = read_or_nothing(tree, path);
  std::uint32_t number = 0;
  for (const std::string_view raw : split(text, '\n')) {
    ++number;
    const std::string_view line = trim(raw);
    if (line.empty() || line.starts_with('#')) continue;
    if ((raw.front() == ' ' || raw.front() == '\t') && !out.empty())
      out.back().text.append(" ").append(line);
    else if (out.size() < kConfigLinesMax)
      out.push_back({std::string{line}, std::string{path}, number});
  }
  return out;
}

void read_override(std::string_view option, const ConfigLine& at, PostfixService& service) {
  const std::size_t sign = option.find('=');
  if (sign == std::string_view::npos) return;
  service.overrides[std::string{trim(option.substr(0, sign))}] = {std::string{trim(option.substr(sign + 1))}, at.path,
                                                                  at.line};
}

// name type private unprivileged chroot wakeup maxproc command arguments
std::optional<PostfixService> service_of(const ConfigLine& line) {
  const auto words = words_of(line.text);
  if (words.size() < 8) return std::nullopt;
  PostfixService service{
      .name = words[0], .command = words[7], .inet = words[1] == "inet", .at = line, .overrides = {}};
  for (std::size_t at = 8; at < words.size(); ++at) {
    if (!words[at].starts_with("-o")) continue;
    std::string option = words[at].substr(2);
    if (option.empty() && at + 1 < words.size()) option = words[++at];
    if (option.starts_with('{')) {
      while (!option.ends_with('}') && at + 1 < words.size()) option += " " + words[++at];
      option = option.substr(1, option.size() - (option.ends_with('}') ? 2 : 1));
    }
    read_override(option, line, service);
  }
  return service;
}

std::string table_path(std::string_view table) {
  const std::size_t colon = table.find(':');
  return std::string{colon == std::string_view::npos ? table : table.substr(colon + 1)};
}

bool says_ok(std::string_view action) {
  return action.starts_with("OK") || action.starts_with("ok") || action.starts_with("permit") ||
         (!action.empty() && action.find_first_not_of("0123456789") == std::string_view::npos);
}

bool matches_all_names(std::string_view pattern) {
  return pattern == "/.*/" || pattern == "/./" || pattern == "/^.*$/" || pattern == "/.*$/" || pattern == "/^/" ||
         pattern == "/.+/" || pattern == "/^.+$/" || pattern == "//";
}

constexpr std::pair<std::string_view, std::string_view> kDefaults[] = {
    {"inet_interfaces", "all"},
    {"mydestination", "$myhostname, localhost.$mydomain, localhost"},
    {"relay_domains", ""},
    {"smtpd_delay_reject", "yes"},
    {"smtpd_sasl_auth_enable", "no"},
    {"smtpd_tls_auth_only", "no"}};

}  // namespace

Postfix::Postfix(const Tree& tree, std::string folder) : tree_{tree}, folder_{std::move(folder)} {
  for (const ConfigLine& line : logical_lines(tree, join_path(folder_, "main.cf"))) {
    const std::size_t sign = line.text.find('=');
    if (sign == std::string::npos) continue;
    main_[std::string{trim(std::string_view{line.text}.substr(0, sign))}] = {
        std::string{trim(std::string_view{line.text}.substr(sign + 1))}, line.path, line.line};
  }
  for (const ConfigLine& line : logical_lines(tree, join_path(folder_, "master.cf")))
    if (auto service = service_of(line); service && services_.size() < kServicesMax)
      services_.push_back(std::move(*service));
}

int Postfix::compatibility() const {
  const auto found = main_.find("compatibility_level");
  int level = 0;
  if (found != main_.end())
    std::from_chars(found->second.text.data(), found->second.text.data() + found->second.text.size(), level);
  return level;
}

ConfigLine Postfix::where(const std::string& name, const PostfixService* service) const {
  if (service != nullptr)
    if (const auto found = service->overrides.find(name); found != service->overrides.end())
      return {fmt::format("-o {}={}", name, found->second.text), found->second.path, found->second.line};
  if (const auto found = main_.find(name); found != main_.end())
    return {fmt::format("{} = {}", name, found->second.text), found->second.path, found->second.line};
  return {fmt::format("{} is not set", name), join_path(folder_, "main.cf"), 0};
}

std::string Postfix::value(const std::string& name, const PostfixService* service) const {
  std::size_t steps = 0;
  return expand(fmt::format("${{{}}}", name), service, 0, steps);
}

std::string Postfix::expand(std::string_view text, const PostfixService* service, int depth, std::size_t& steps) const {
  if (depth > kExpandDepthMax || ++steps > kExpandStepsMax) return {};
  std::string out;
  for (std::size_t at = 0; at < text.size() && out.size() < kValueBytesMax;) {
    if (text[at] != '$') {
      out.push_back(text[at++]);
      continue;
    }
    ++at;
    std::string name;
    if (at < text.size() && (text[at] == '{' || text[at] == '(')) {
      const std::size_t end = std::min(text.find(text[at] == '{' ? '}' : ')', at), text.size());
      name = text.substr(at + 1, end - at - 1);
      at = end + 1;
    } else {
      while (at < text.size() && (std::isalnum(static_cast<unsigned char>(text[at])) != 0 || text[at] == '_'))
        name.push_back(text[at++]);
    }
    const std::size_t choice = name.find_first_of("?:");
    const std::string bare{trim(name.substr(0, choice))};
    std::string found;
    const auto own = service == nullptr ? main_.end() : service->overrides.find(bare);
    if (const auto main = main_.find(bare); service != nullptr && own != service->overrides.end()) {
      found = expand(own->second.text, service, depth + 1, steps);
    } else if (main != main_.end()) {
      found = expand(main->second.text, service, depth + 1, steps);
    } else if (bare == "smtpd_relay_restrictions") {
      if (compatibility() >= 1) found = "permit_mynetworks, permit_sasl_authenticated, defer_unauth_destination";
    } else {
      for (const auto& [key, otherwise] : kDefaults)
        if (key == bare) found = expand(otherwise, service, depth + 1, steps);
    }
    if (choice != std::string::npos) {
      const bool when_set = name[choice] == '?';
      found = found.empty() != when_set ? expand(name.substr(choice + 1), service, depth + 1, steps) : "";
    }
    out += found;
  }
  return std::string{trim(out)};
}

bool Postfix::reachable(const PostfixService& service) const {
  if (!service.inet) return false;
  const std::size_t colon = service.name.rfind(':');
  if (colon != std::string::npos) return faces_the_world(host_part(service.name));
  const auto interfaces = parts_of(value("inet_interfaces", &service), " \t,");
  return std::ranges::any_of(interfaces, [](const std::string& one) {
    return faces_the_world(one) || (one.find('.') != std::string::npos && !is_loopback_name(one) && !network_of(one));
  });
}

// The first entry that matches decides; "!" refuses what matches.
bool Postfix::holds_everybody(std::string_view networks, int depth, std::string& which) const {
  if (depth > 3) return false;
  for (const std::string& entry : parts_of(networks, " \t,\n")) {
    if (entry.starts_with('!')) {
      if (is_everybody(std::string_view{entry}.substr(1))) return false;
      continue;
    }
    if (entry.starts_with("static:")) {
      which = entry;
      return true;
    }
    if (entry.starts_with('/') || entry.find(":/") != std::string::npos) {
      const bool is_list = entry.starts_with('/');
      for (const ConfigLine& line : config_lines(tree_, table_path(entry))) {
        const auto words = words_of(line.text);
        if (!words.empty() && holds_everybody(is_list ? line.text : words[0], depth + 1, which)) return true;
      }
      continue;
    }
    if (is_everybody(entry) && entry != "all" && entry != "any" && entry != "*") {
      which = entry;
      return true;
    }
  }
  return false;
}

Postfix::Verdict Postfix::by_table(std::string_view table, bool of_client) const {
  if (table.starts_with("static:") || table.starts_with("inline:"))
    return says_ok(table_path(table)) ? Verdict::permit : Verdict::none;
  for (const ConfigLine& line : config_lines(tree_, table_path(table))) {
    const auto words = words_of(line.text);
    if (words.size() < 2) continue;
    const bool all = matches_all_names(words[0]) || (of_client && network_of(words[0]) && is_everybody(words[0]));
    if (!all) continue;
    if (says_ok(words[1])) return Verdict::permit;
    if (words[1].starts_with("REJECT") || words[1].starts_with("reject") || words[1][0] == '5' || words[1][0] == '4')
      return Verdict::reject;
  }
  return Verdict::none;
}

Postfix::Verdict Postfix::walk(const std::string& list, const PostfixService& service, RelayDoor& door) const {
  const auto words = parts_of(value(list, &service), " \t,\n{}");
  for (std::size_t at = 0; at < words.size(); ++at) {
    const std::string& word = words[at];
    const std::string next = at + 1 < words.size() ? words[at + 1] : "";
    std::string which;
    if (word == "warn_if_reject") {
      ++at;
    } else if (word == "permit") {
      door = {where(list, &service), fmt::format("{} says permit before anything refuses", list), service.name};
      return Verdict::permit;
    } else if (word == "permit_mynetworks") {
      if (!holds_everybody(value("mynetworks", &service), 0, which)) continue;
      door = {where("mynetworks", &service), fmt::format("mynetworks holds {}: that is everybody", which),
              service.name};
      return Verdict::permit;
    } else if (word == "reject" || word == "defer" || word.ends_with("_unauth_destination") ||
               word == "check_relay_domains") {
      if (word.starts_with("reject_unauth") || word.starts_with("defer_unauth") || word == "check_relay_domains")
        for (const std::string domains : {"relay_domains", "mydestination"})
          for (const std::string& entry : parts_of(value(domains, &service), " \t,"))
            if (entry.starts_with("static:") || entry == "*" ||
                (entry.find(":/") != std::string::npos &&
                 std::ranges::any_of(config_lines(tree_, table_path(entry)), [](const ConfigLine& line) {
                   const auto fields = words_of(line.text);
                   return !fields.empty() && matches_all_names(fields[0]);
                 }))) {
              door = {where(domains, &service), fmt::format("{} takes every domain as its own", domains), service.name};
              return Verdict::permit;
            }
      return Verdict::reject;
    } else if (word.starts_with("check_") && word.ends_with("_access")) {
      ++at;
      const bool of_client = word == "check_client_access";
      const Verdict verdict = by_table(next, of_client);
      if (verdict == Verdict::reject) return verdict;
      if (verdict == Verdict::permit) {
        door = {where(list, &service), fmt::format("{} {} says OK to everybody", word, next), service.name};
        return verdict;
      }
    } else if (word == "sleep" || word == "check_policy_service" || word.starts_with("reject_rbl") ||
               word.starts_with("reject_rhsbl")) {
      ++at;
    }
  }
  return Verdict::none;
}

std::optional<RelayDoor> Postfix::relays_for_strangers(const PostfixService& service) const {
  if (service.command != "smtpd" || !reachable(service)) return std::nullopt;
  RelayDoor ignored;
  for (const std::string list : {"smtpd_client_restrictions", "smtpd_helo_restrictions", "smtpd_sender_restrictions"})
    if (walk(list, service, ignored) == Verdict::reject) return std::nullopt;
  RelayDoor relay;
  RelayDoor recipient;
  const Verdict first = walk("smtpd_relay_restrictions", service, relay);
  if (first == Verdict::reject) return std::nullopt;
  const Verdict second = walk("smtpd_recipient_restrictions", service, recipient);
  if (second == Verdict::reject) return std::nullopt;
  if (first == Verdict::permit) return relay;
  if (second == Verdict::permit) return recipient;
  // Nothing refuses. Postfix answers "server configuration error" where nothing is said at all; written down so, an
  // empty list is still a mistake to mend.
  if (main_.contains("smtpd_relay_restrictions") && !value("smtpd_relay_restrictions", &service).empty())
    return RelayDoor{where("smtpd_relay_restrictions", &service), "no list refuses mail for strangers", service.name};
  return std::nullopt;
}

}  // namespace abate::sweep
