// SPDX-License-Identifier: Apache-2.0
#include "reply/redact.h"

#include <algorithm>
#include <array>
#include <optional>

#include <boost/json.hpp>

#include "base/canonical_json.h"
#include "base/hash.h"
#include "base/text.h"

namespace abate::reply {
namespace {

namespace json = boost::json;

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_alnum(char c) { return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_name(char c) { return is_alnum(c) || c == '_' || c == '-'; }
bool is_mailbox(char c) { return is_alnum(c) || std::string_view{"._%+-=~"}.contains(c); }
bool is_space(char c) { return c == ' ' || c == '\t'; }
bool ends_value(char c) {
  return static_cast<unsigned char>(c) <= ' ' || std::string_view{"\"'`&,;|<>)]}"}.contains(c);
}

constexpr std::string_view kTaken = "[secret]";
constexpr std::size_t kBeginningMin = 4;  // of a secret at the end of a text that was cut
constexpr std::size_t kRandomMin = 16;    // characters of a token in a query
constexpr std::size_t kCaughtMin = 4;     // of a password behind a mail address

// What a name ends in whose value is a secret: "DB_PASSWORD", "api-key", "wp_auth_salt".
constexpr std::array<std::string_view, 22> kSecretNames{
    "password",  "passwd",  "passwort",   "passphrase",  "pwd",      "pass",         "secret",      "token",
    "apikey",    "api_key", "api-key",    "access_key",  "auth_key", "secret_key",   "private_key", "logged_in_key",
    "nonce_key", "cookie",  "credential", "credentials", "_salt",    "authorization"};

constexpr std::array<std::string_view, 26> kHashes{
    "$1$",  "$2a$",    "$2b$",    "$2x$",        "$2y$",     "$5$",     "$6$",    "$7$",    "$y$",
    "$gy$", "$apr1$",  "$argon2", "$pbkdf2",     "$scrypt$", "$P$",     "$H$",    "$S$",    "{SSHA",
    "{SHA", "{CRYPT}", "{MD5",    "{BLF-CRYPT}", "{PBKDF2}", "{ARGON2", "{SMD5}", "{PLAIN}"};

struct TokenForm {
  std::string_view begins;
  std::size_t least;  // characters after it
};
constexpr std::array kTokens{TokenForm{"ghp_", 20},        TokenForm{"gho_", 20},     TokenForm{"ghs_", 20},
                             TokenForm{"github_pat_", 20}, TokenForm{"glpat-", 16},   TokenForm{"xoxb-", 10},
                             TokenForm{"xoxp-", 10},       TokenForm{"AKIA", 16},     TokenForm{"ASIA", 16},
                             TokenForm{"sk_live_", 10},    TokenForm{"rk_live_", 10}, TokenForm{"AIza", 30},
                             TokenForm{"eyJ", 20},         TokenForm{"ticket_", 20},  TokenForm{"abate_", 20}};

// How far a value that begins at `at` goes: to its quote, or to where a word ends.
std::size_t value_end(std::string_view text, std::size_t at) {
  if (at < text.size() && (text[at] == '"' || text[at] == '\'' || text[at] == '`')) {
    const std::size_t end = text.find_first_of(std::string{text[at]} + "\n", at + 1);
    return end == text.npos ? text.size() : end;
  }
  while (at < text.size() && !ends_value(text[at])) ++at;
  return at;
}

// A name ends just before `at`, and what follows is `=`, `:`, `=>` or, as in define('NAME', 'value'), a comma.
// Where the value begins; npos: no value follows.
std::size_t value_after(std::string_view text, std::size_t at) {
  const bool quoted = at < text.size() && (text[at] == '"' || text[at] == '\'');
  if (quoted) ++at;
  while (at < text.size() && (is_space(text[at]) || text[at] == ']')) ++at;
  if (at == text.size() || (text[at] != '=' && text[at] != ':' && !(quoted && text[at] == ','))) return text.npos;
  ++at;
  while (at < text.size() && (text[at] == '>' || text[at] == '=' || is_space(text[at]))) ++at;
  if (at == text.size() || text[at] == '\n') return text.npos;
  for (const std::string_view scheme : {"basic ", "bearer ", "digest ", "token "})
    if (starts_with_ignoring_case(text.substr(at), scheme)) return at + scheme.size();
  return at;
}

bool names_a_secret(std::string_view name) {
  const std::string lower = to_lower(name);
  return std::ranges::any_of(kSecretNames, [&](std::string_view end) { return lower.ends_with(end); });
}

// What stands behind the name that ends just before `at`; nothing where no value follows.
std::optional<NamedValue> value_of_name(std::string_view text, std::size_t at) {
  const std::size_t value = value_after(text, at);
  if (value == text.npos) return std::nullopt;
  const bool quoted = text[value] == '"' || text[value] == '\'' || text[value] == '`';
  const std::size_t first = quoted ? value + 1 : value;
  const std::size_t last = value_end(text, value);
  if (last <= first) return std::nullopt;
  return NamedValue{text.substr(first, last - first), quoted};
}

// Luhn (ISO/IEC 7812-1), of the lengths and first digits that payment cards have.
bool is_card(std::string_view digits) {
  if (digits.size() < 14 || digits.size() > 16 || digits[0] < '3' || digits[0] > '6') return false;
  int sum = 0;
  for (std::size_t i = 0; i < digits.size(); ++i) {
    int digit = digits[digits.size() - 1 - i] - '0';
    if (i % 2 == 1) digit = digit * 2 > 9 ? digit * 2 - 9 : digit * 2;
    sum += digit;
  }
  return sum % 10 == 0;
}

// Digits in groups from `at` on: where they end, and themselves.
std::pair<std::size_t, std::string> digits_from(std::string_view text, std::size_t at) {
  std::string digits;
  std::size_t end = at;
  for (std::size_t i = at; i < text.size() && digits.size() < 20; ++i) {
    if (is_digit(text[i])) {
      digits += text[i];
      end = i + 1;
    } else if ((text[i] != ' ' && text[i] != '-') || i + 1 == text.size() || !is_digit(text[i + 1])) {
      break;
    }
  }
  return {end, digits};
}

std::size_t private_key_end(std::string_view text, std::size_t at) {
  constexpr std::string_view kBegin = "-----BEGIN ";
  if (!text.substr(at).starts_with(kBegin)) return at;
  const std::size_t line = text.find("-----", at + kBegin.size());
  if (line == text.npos || !text.substr(at, line - at).ends_with("PRIVATE KEY")) return at;
  const std::size_t end = text.find("-----END ", line);
  if (end == text.npos) return text.size();
  const std::size_t last = text.find("-----", end + 9);
  return last == text.npos ? text.size() : last + 5;
}

std::size_t token_end(std::string_view text, std::size_t at) {
  for (const TokenForm& form : kTokens) {
    if (!text.substr(at).starts_with(form.begins)) continue;
    std::size_t end = at + form.begins.size();
    while (end < text.size() && (is_name(text[end]) || (form.begins == "eyJ" && text[end] == '.'))) ++end;
    if (end - at - form.begins.size() >= form.least) return end;
  }
  return at;
}

std::size_t hash_end(std::string_view text, std::size_t at) {
  const std::string_view rest = text.substr(at);
  if (std::ranges::none_of(kHashes, [&](std::string_view begin) { return rest.starts_with(begin); })) return at;
  std::size_t end = at;
  while (end < text.size() && static_cast<unsigned char>(text[end]) > ' ' &&
         !std::string_view{"\"'`:;|<>"}.contains(text[end]))
    ++end;
  return end - at >= 8 ? end : at;
}

// Letters and digits without a word in it: what somebody was given to prove themselves with.
bool looks_random(std::string_view value) {
  if (value.size() < kRandomMin) return false;
  std::size_t digits = 0, letters = 0, changes = 0;
  for (std::size_t i = 0; i < value.size(); ++i) {
    const char c = value[i];
    if (!is_alnum(c) && !std::string_view{"-_%+=."}.contains(c)) return false;
    digits += is_digit(c) ? 1U : 0U;
    letters += is_alnum(c) && !is_digit(c) ? 1U : 0U;
    changes += i > 0 && is_digit(c) != is_digit(value[i - 1]) ? 1U : 0U;
  }
  return digits >= 2 && letters >= 2 && changes >= 3;
}

// How long an @ is that stands here, as itself or as a URL writes it; 0: none.
std::size_t at_sign(std::string_view text, std::size_t at) {
  return text[at] == '@' ? 1 : text.substr(at).starts_with("%40") ? 3 : 0;
}

bool is_port(std::string_view text) { return text.size() <= 5 && std::ranges::all_of(text, is_digit); }

// No letter or digit before it, but for those of a sign that is shown as \xNN.
bool may_begin(std::string_view text, std::size_t at) {
  if (at == 0 || !is_alnum(text[at - 1])) return true;
  return at >= 4 && text.substr(at - 4, 2) == "\\x";
}

bool is_at_or_beneath(std::string_view domain, std::string_view own) {
  return domain == own ||
         (domain.size() > own.size() && domain.ends_with(own) && domain[domain.size() - own.size() - 1] == '.');
}

// Texts that are what they are: ids, hashes, words of ours.
bool is_our_word(std::string_view field) {
  constexpr std::array<std::string_view, 14> kWords{"id",       "hash",     "sha256",  "about",    "schema",
                                                    "ticket",   "standing", "area",    "severity", "at",
                                                    "detector", "kind",     "service", "proof"};
  return std::ranges::find(kWords, field) != kWords.end();
}

json::value redacted(Redactor& redactor, const json::value& value, std::string_view field) {
  if (value.is_string()) {
    if (is_our_word(field)) return value;
    return json::value(redactor.text(value.get_string()));
  }
  if (const json::array* list = value.if_array()) {
    json::array out;
    for (const json::value& one : *list) {
      const bool evidence = field == "evidence" && one.is_string();
      if (evidence && out.size() == kEvidenceLinesSent) break;
      out.push_back(evidence ? json::value(shorten(redactor.text(one.get_string()), kEvidenceBytesSent))
                             : redacted(redactor, one, field));
    }
    return out;
  }
  if (const json::object* object = value.if_object()) {
    json::object out;
    for (const json::key_value_pair& pair : *object)
      if (pair.key() != "leads") out[pair.key()] = redacted(redactor, pair.value(), pair.key());
    return out;
  }
  return value;
}

void hash_proofs_anew(json::object& form) {
  json::value* proofs = form.if_contains("proofs");
  if (proofs == nullptr || !proofs->is_array()) return;
  for (json::value& one : proofs->get_array()) {
    if (!one.is_object()) continue;
    json::object& proof = one.get_object();
    proof.erase("hash");
    proof["hash"] = sha256_hex(canonical_json(proof));
  }
}

}  // namespace

std::set<std::string, std::less<>> own_domains(const sweep::Host& host) {
  std::set<std::string, std::less<>> own;
  const auto add = [&](std::string_view name) {
    if (name.starts_with("*.") || name.starts_with("www.")) name.remove_prefix(name.find('.') + 1);
    if (name.contains('.')) own.insert(to_lower(name));
  };
  add(host.hostname);
  for (const sweep::Site& site : host.sites)
    for (const std::string& name : site.names) add(name);
  return own;
}

std::string Redactor::take(std::string_view what) {
  ++taken_;
  return fmt::format("[{}]", what);
}

Redactor::Redactor(std::set<std::string, std::less<>> own_domains, std::vector<std::string> known)
    : own_{std::move(own_domains)}, known_{std::move(known)} {
  std::erase(known_, "");
  std::ranges::sort(known_, [](const std::string& a, const std::string& b) {
    return a.size() != b.size() ? a.size() > b.size() : a < b;
  });
}

bool is_of_letters(std::string_view text) {
  return std::ranges::none_of(text, is_digit) && std::ranges::all_of(text, is_alnum);
}

// One that could be a word or a part of it as a word of its own, any other wherever it stands; at the end of the text,
// which may have been cut there, their beginnings too.
std::string Redactor::without_known(std::string_view given) {
  std::string text{given};
  const auto replace = [&](std::size_t at, std::size_t length) {
    const std::string taken = take("secret");
    text.replace(at, length, taken);
    return at + taken.size();
  };
  for (const std::string& secret : known_) {
    for (std::size_t at = text.find(secret); at != text.npos;) {
      const std::size_t end = at + secret.size();
      const bool inside = is_of_letters(secret) && (!may_begin(text, at) || (end < text.size() && is_alnum(text[end])));
      at = text.find(secret, inside ? at + 1 : replace(at, secret.size()));
    }
    for (std::size_t length = std::min(secret.size() - 1, text.size()); length >= kBeginningMin; --length) {
      if (!text.ends_with(std::string_view{secret}.substr(0, length))) continue;
      const std::size_t at = text.size() - length;
      if (may_begin(text, at)) replace(at, length);
      break;
    }
  }
  return text;
}

std::vector<NamedValue> named_secrets(std::string_view text) {
  std::vector<NamedValue> out;
  for (std::size_t at = 0; at < text.size();) {
    if (!is_name(text[at])) {
      ++at;
      continue;
    }
    const std::size_t begin = at;
    while (at < text.size() && is_name(text[at])) ++at;
    if (!names_a_secret(text.substr(begin, at - begin))) continue;
    if (const std::optional<NamedValue> found = value_of_name(text, at)) out.push_back(*found);
  }
  return out;
}

std::string Redactor::text(std::string_view given) {
  const std::string known_out = without_known(given);
  const std::string_view text = known_out;
  std::string out;
  out.reserve(text.size());
  std::size_t kept_until = 0;  // of `out`: what was taken out before is no part of a name
  for (std::size_t at = 0; at < text.size();) {
    const bool begins = at == 0 || !is_alnum(text[at - 1]);
    std::size_t end = at;
    if (text[at] == '-' && (end = private_key_end(text, at)) > at) {
      out += take("private key");
    } else if ((text[at] == '$' || text[at] == '{') && (end = hash_end(text, at)) > at) {
      out += take("hash");
    } else if (begins && (end = token_end(text, at)) > at) {
      out += take("token");
    } else if (begins && is_digit(text[at]) && is_card(digits_from(text, at).second)) {
      end = digits_from(text, at).first;
      out += take("card number");
    } else if (text.substr(at).starts_with("://")) {
      // user:password@host; a user alone stays.
      const std::size_t host = text.find_first_of("/ \t\n\"'<>", at + 3);
      const std::string_view authority = text.substr(at + 3, host == text.npos ? text.npos : host - at - 3);
      const std::size_t sign = authority.rfind('@');
      if (sign != authority.npos && authority.substr(0, sign).contains(':')) {
        out += "://" + take("secret");
        end = at + 3 + sign;
      }
    } else if (const std::size_t sign = at_sign(text, at);
               sign > 0 && at > 0 && is_mailbox(text[at - 1]) && out.size() > kept_until) {
      std::size_t domain_end = at + sign;
      while (domain_end < text.size() &&
             (is_alnum(text[domain_end]) || text[domain_end] == '.' || text[domain_end] == '-'))
        ++domain_end;
      std::string domain = to_lower(text.substr(at + sign, domain_end - at - sign));
      while (domain.ends_with('.')) domain.pop_back();
      const bool own = std::ranges::any_of(own_, [&](const std::string& one) { return is_at_or_beneath(domain, one); });
      if (domain.contains('.') && !own) {
        while (out.size() > kept_until && is_mailbox(out.back())) out.pop_back();
        out += take("someone");
        kept_until = out.size();
      }
      // "who@where:password", as kits keep what they caught.
      if (const std::size_t value_at = domain_end + 1; domain.contains('.') && value_at < text.size() &&
                                                       (text[domain_end] == ':' || text[domain_end] == '|') &&
                                                       text[value_at] != '/') {
        const std::size_t value_last = value_end(text, value_at);
        if (value_last >= value_at + kCaughtMin && !is_port(text.substr(value_at, value_last - value_at))) {
          out += text.substr(at, value_at - at);
          out += take("secret");
          end = value_last;
        }
      }
    }
    if (end > at) {
      at = end;
      kept_until = out.size();
      continue;
    }
    out += text[at++];
    // A name has just ended?
    if (!is_name(text[at - 1]) || (at < text.size() && is_name(text[at]))) continue;
    std::size_t begin = out.size();
    while (begin > kept_until && is_name(out[begin - 1])) --begin;
    const bool is_secret = names_a_secret(std::string_view{out}.substr(begin));
    const bool is_query = begin > kept_until && (out[begin - 1] == '?' || out[begin - 1] == '&');
    if (!is_secret && !is_query) continue;
    const std::optional<NamedValue> found = value_of_name(text, at);
    if (!found || found->value.starts_with(kTaken) || (!is_secret && !looks_random(found->value))) continue;
    const auto first = static_cast<std::size_t>(found->value.data() - text.data());
    out += text.substr(at, first - at);
    out += take(is_secret ? "secret" : "token");
    at = first + found->value.size();
    kept_until = out.size();
  }
  return out;
}

json::object Redactor::form(const json::object& form) {
  json::object out = redacted(*this, json::value(form), "").get_object();
  hash_proofs_anew(out);
  return out;
}

}  // namespace abate::reply
