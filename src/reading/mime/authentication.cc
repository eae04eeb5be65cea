// SPDX-License-Identifier: Apache-2.0
#include "reading/mime/authentication.h"

#include <algorithm>
#include <cstring>
#include <ctime>
#include <memory>
#include <optional>

#include <libpsl.h>
#include <sys/types.h>
#define _Bool bool  // the library's header is C
#include <opendkim/dkim.h>
#undef _Bool

#include "base/text.h"
#include "reading/mime/fields.h"
#include "reading/mime/message.h"

namespace abate::reading {
namespace {

constexpr std::size_t kHeaderFieldsMax = 2'000;
constexpr std::size_t kHeadBytesMax = std::size_t{1} << 20;
constexpr std::size_t kTagsMax = 40;

// A line of the mail and what is behind it; CRLF or LF.
std::string_view take_line(std::string_view& rest) {
  const std::size_t end = rest.find('\n');
  std::string_view line = rest.substr(0, end);
  rest.remove_prefix(end == rest.npos ? rest.size() : end + 1);
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

using RawFields = std::vector<std::string_view>;  // each with its folding as it stands, without its last line end

RawFields take_fields(std::string_view& rest) {
  RawFields fields;
  fields.reserve(32);
  const std::size_t before = rest.size();
  while (!rest.empty() && fields.size() < kHeaderFieldsMax && before - rest.size() < kHeadBytesMax) {
    const std::string_view line = take_line(rest);
    if (line.empty()) break;
    if (fields.empty() && line.starts_with("From ")) continue;  // of an mbox
    if ((line.front() == ' ' || line.front() == '\t') && !fields.empty())
      fields.back() = {fields.back().data(), line.data() + line.size()};
    else
      fields.push_back(line);
  }
  return fields;
}

// Most mails to an abuse desk are not signed: seen without taking their fields apart.
bool has_signature(std::string_view mail) {
  while (!mail.empty()) {
    const std::string_view line = take_line(mail);
    if (line.empty()) return false;
    if (starts_with_ignoring_case(line, "DKIM-Signature")) return true;
  }
  return false;
}

// Signatures are over CRLF; a Maildir keeps LF.
std::string with_crlf(std::string_view body) {
  std::string out;
  out.reserve(body.size() + body.size() / 32);
  while (!body.empty()) {
    const bool ends = body.find('\n') != body.npos;
    out += take_line(body);
    if (ends) out += "\r\n";
  }
  return out;
}

std::string_view name_of(std::string_view field) { return trim(field.substr(0, field.find(':'))); }
std::string_view value_of(std::string_view field) {
  const std::size_t colon = field.find(':');
  return colon == field.npos ? std::string_view{} : field.substr(colon + 1);
}

// The value of one tag of "v=1; d=example.org; s=sel", without blanks and folding.
std::string tag(std::string_view list, std::string_view name) {
  std::size_t seen = 0;
  for (const std::string_view each : split(list, ';')) {
    if (++seen > kTagsMax) break;
    const std::size_t equals = each.find('=');
    if (equals == each.npos || trim(each.substr(0, equals)) != name) continue;
    std::string value;
    for (const char c : each.substr(equals + 1))
      if (c != ' ' && c != '\t' && c != '\r' && c != '\n') value += c;
    return value;
  }
  return {};
}

bool is_dns_name(std::string_view name) {
  if (name.empty() || name.size() > 253 || name.front() == '.' || name.back() == '.') return false;
  std::size_t label = 0;
  for (const char c : name) {
    const bool fits = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
    if (c == '.' ? label == 0 : !fits || label == 63) return false;
    label = c == '.' ? 0 : label + 1;
  }
  return name.find('.') != name.npos;
}

const psl_ctx_t* suffixes() {
  static const psl_ctx_t* const list = psl_builtin();
  return list;
}

std::string organisation(const std::string& domain) {
  const char* found = suffixes() == nullptr ? nullptr : psl_registrable_domain(suffixes(), domain.c_str());
  return found == nullptr ? domain : std::string{found};
}

// The domain of the only address in the only From field, or "".
std::string from_domain(const RawFields& fields) {
  std::string found;
  for (const std::string_view field : fields) {
    if (!equals_ignoring_case(name_of(field), "From")) continue;
    if (!found.empty()) return {};
    const std::vector<Address> addresses = parse_addresses(value_of(field));
    if (addresses.size() != 1) return {};
    found = to_lower(addresses.front().mail.substr(addresses.front().mail.rfind('@') + 1));
    if (!is_dns_name(found)) return {};
  }
  return found;
}

std::optional<std::string> text_of(const Witnesses& witnesses, std::string_view name) {
  for (const DnsText& record : witnesses.records)
    if (equals_ignoring_case(record.name, name)) return record.text;
  return std::nullopt;
}

bool is_strict(const Witnesses& witnesses, const std::string& from) {
  for (const std::string& domain : {from, organisation(from)})
    if (const auto record = text_of(witnesses, "_dmarc." + domain); record && record->starts_with("v=DMARC1"))
      return tag(*record, "adkim") == "s";
  return false;
}

bool is_aligned(std::string_view domain, const std::string& from, bool strict) {
  if (from.empty()) return false;
  return strict ? equals_ignoring_case(domain, from) : same_organisation(domain, from);
}

// ---- DKIM ----

std::string key_name(DKIM_SIGINFO* signature) {
  const auto* selector = reinterpret_cast<const char*>(dkim_sig_getselector(signature));
  const auto* domain = reinterpret_cast<const char*>(dkim_sig_getdomain(signature));
  if (selector == nullptr || domain == nullptr) return {};
  return to_lower(fmt::format("{}._domainkey.{}", selector, domain));
}

DKIM_CBSTAT find_key(DKIM* mail, DKIM_SIGINFO* signature, unsigned char* out, std::size_t size) {
  const auto* witnesses = static_cast<const Witnesses*>(dkim_get_user_context(mail));
  const auto record = text_of(*witnesses, key_name(signature));
  if (!record) return DKIM_CBSTAT_NOTFOUND;
  if (record->size() >= size) return DKIM_CBSTAT_ERROR;
  std::memcpy(out, record->c_str(), record->size() + 1);
  return DKIM_CBSTAT_CONTINUE;
}

// The library's own resolver, which would look for files and ask the network: there is none.
int no_resolver(void** service) {
  *service = nullptr;
  return 0;
}
void close_no_resolver(void*) {}
int ask_no_resolver(void*, int, unsigned char*, unsigned char*, std::size_t, void**) { return -1; }

struct Library {
  DKIM_LIB* handle = dkim_init(nullptr, nullptr);
  Library() {
    if (handle == nullptr) return;
    dkim_set_key_lookup(handle, find_key);
    dkim_dns_set_init(handle, no_resolver);
    dkim_dns_set_close(handle, close_no_resolver);
    dkim_dns_set_query_start(handle, ask_no_resolver);
    unsigned bits = kKeyBitsMin;
    dkim_options(handle, DKIM_OP_SETOPT, DKIM_OPTS_MINKEYBITS, &bits, sizeof bits);
  }
  ~Library() {
    if (handle != nullptr) dkim_close(handle);
  }
  Library(const Library&) = delete;
  Library& operator=(const Library&) = delete;
};

struct Close {
  void operator()(DKIM* mail) const { dkim_free(mail); }
};

// Why this signature proves nothing, or "".
std::string weakness(DKIM* mail, DKIM_SIGINFO* signature) {
  if ((dkim_sig_getflags(signature) & DKIM_SIGFLAG_PASSED) == 0 || dkim_sig_getbh(signature) != DKIM_SIGBH_MATCH) {
    const char* why = dkim_sig_geterrorstr(dkim_sig_geterror(signature));
    const bool body = dkim_sig_getbh(signature) == DKIM_SIGBH_MISMATCH;
    return fmt::format("does not verify ({})", body ? "the body was changed" : why == nullptr ? "unknown" : why);
  }
  if ((dkim_sig_getflags(signature) & DKIM_SIGFLAG_TESTKEY) != 0) return "was made with a test key";
  ssize_t length = 0, covered = 0, limit = -1;
  if (dkim_sig_getcanonlen(mail, signature, &length, &covered, &limit) != DKIM_STAT_OK || limit >= 0)
    return "leaves a tail of the body open (l=)";
  return {};
}

void weigh(DKIM* mail, const std::string& from, const Witnesses& witnesses, Proof& proof) {
  DKIM_SIGINFO** signatures = nullptr;
  int count = 0;
  if (dkim_getsiglist(mail, &signatures, &count) != DKIM_STAT_OK) return;
  const bool strict = is_strict(witnesses, from);
  for (int i = 0; i < std::min<int>(count, kSignaturesMax) && proof.authenticated == "none"; ++i) {
    const auto* domain = reinterpret_cast<const char*>(dkim_sig_getdomain(signatures[i]));
    if (domain == nullptr) continue;
    const std::string shown = to_lower(shorten(make_valid_utf8(domain), 253));
    if (const std::string weak = weakness(mail, signatures[i]); !weak.empty()) {
      proof.warnings.push_back(fmt::format("The DKIM signature of {} {}", shown, weak));
    } else if (!is_aligned(shown, from, strict)) {
      proof.warnings.push_back(fmt::format("The DKIM signature of {} verifies, but From is of {}", shown,
                                           from.empty() ? "nobody or of several" : from));
    } else {
      proof.authenticated = "dkim:" + shown;
      const std::string name = key_name(signatures[i]);
      if (const auto record = text_of(witnesses, name)) proof.keys.push_back({name, *record});
    }
  }
}

void verify_signatures(const RawFields& fields, std::string_view body, const Witnesses& witnesses,
                       Proof& proof) {
  thread_local const Library library;
  if (library.handle == nullptr) return;
  DKIM_STAT state = DKIM_STAT_OK;
  static const unsigned char kId[] = "report";
  const std::unique_ptr<DKIM, Close> mail{dkim_verify(library.handle, kId, nullptr, &state)};
  if (!mail) return;
  dkim_set_user_context(mail.get(), const_cast<Witnesses*>(&witnesses));
  for (const std::string_view field : fields) {
    std::string copy = with_crlf(field);  // the library wants bytes that it could write to
    if (dkim_header(mail.get(), reinterpret_cast<unsigned char*>(copy.data()), copy.size()) != DKIM_STAT_OK) continue;
  }
  state = dkim_eoh(mail.get());
  if (state == DKIM_STAT_NOSIG || state == DKIM_STAT_SYNTAX || state == DKIM_STAT_NORESOURCE) return;
  std::string crlf = with_crlf(body);
  if (!crlf.empty()) dkim_body(mail.get(), reinterpret_cast<unsigned char*>(crlf.data()), crlf.size());
  dkim_eom(mail.get(), nullptr);
  weigh(mail.get(), from_domain(fields), witnesses, proof);
}

// ---- Authentication-Results (RFC 8601) ----

// Comments in parentheses hold anything, also what looks like a result.
std::string without_comments(std::string_view value) {
  std::string out;
  std::size_t depth = 0;
  bool quoted = false;
  for (std::size_t i = 0; i < value.size(); ++i) {
    const char c = value[i];
    if (c == '\\' && i + 1 < value.size()) {
      ++i;
      continue;
    }
    if (c == '"' && depth == 0) quoted = !quoted;
    if (!quoted && c == '(') ++depth;
    if (depth == 0) out += c == '\r' || c == '\n' || c == '\t' ? ' ' : c;
    if (!quoted && c == ')' && depth > 0) --depth;
  }
  return out;
}

struct Result8601 {
  std::string method, result;
  std::vector<std::pair<std::string, std::string>> properties;
};

Result8601 parse_result(std::string_view text) {
  Result8601 out;
  for (const std::string_view word : split(text, ' ')) {
    const std::size_t equals = word.find('=');
    if (equals == word.npos) continue;
    std::string name = to_lower(word.substr(0, equals));
    std::string value = to_lower(trim(word.substr(equals + 1)));
    std::erase(value, '"');
    if (out.method.empty()) {
      out.method = name.substr(0, name.find('/'));
      out.result = std::move(value);
    } else if (out.properties.size() < kTagsMax) {
      out.properties.emplace_back(std::move(name), std::move(value));
    }
  }
  return out;
}

std::string property(const Result8601& result, std::string_view name) {
  for (const auto& [key, value] : result.properties)
    if (key == name) return value.substr(value.rfind('@') == value.npos ? 0 : value.rfind('@') + 1);
  return {};
}

void take_results(std::string_view value, const std::string& from, Proof& proof) {
  const std::string plain = without_comments(value);
  std::vector<std::string_view> parts = split(plain, ';');
  for (std::size_t i = 1; i < parts.size() && i < kTagsMax; ++i) {
    const Result8601 found = parse_result(parts[i]);
    if (found.result != "pass") continue;
    struct Named {
      std::string_view method, property;
    };
    for (const Named& each : {Named{"dmarc", "header.from"}, Named{"dkim", "header.d"}, Named{"dkim", "header.i"},
                              Named{"spf", "smtp.mailfrom"}})
      if (found.method == each.method)
        if (const std::string domain = property(found, each.property);
            is_dns_name(domain) && is_aligned(domain, from, false) && proof.authenticated == "none")
          proof.authenticated = fmt::format("{}:{}", each.method, domain);
  }
}

void believe_results(const RawFields& fields, const Witnesses& witnesses, Proof& proof) {
  const std::string from = from_domain(fields);
  std::size_t hops = 0;
  for (const std::string_view field : fields) {
    if (equals_ignoring_case(name_of(field), "Received") && ++hops > 1) return;
    if (!equals_ignoring_case(name_of(field), "Authentication-Results")) continue;
    const std::string plain = without_comments(value_of(field));
    const std::string_view server = trim(std::string_view{plain}.substr(0, plain.find(';')));
    const std::string id = to_lower(server.substr(0, server.find(' ')));
    if (std::ranges::find(witnesses.trusted, id) != witnesses.trusted.end()) take_results(value_of(field), from, proof);
  }
}

// A signature that is none, under a key that is one (its private half was thrown away): all of the way is gone through.
constexpr std::string_view kWarmKey =
    "v=DKIM1; k=rsa; "
    "p=MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQC5LeTMFp8+HP4jhY2Ce8jD7h0y5j6taI9j1cAvVWZqMpaJTgBWCZmfJ5wW2E"
    "suJ6tyHFrDLIeRhS7jI4JMYAfx8pWpF0RO+5HCJAKGuDJ7dR58cMmI0mRL4jJnSpUd/"
    "layXzWzTFjjSBep+5TPAzR1JhPrLo8SwzTKRBoQPKdU8wIDAQ"
    "AB";
constexpr std::string_view kWarmMail =
    "DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/simple; d=warm.example; s=sel; h=from:subject;\r\n"
    " bh=47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=;\r\n"
    " b="
    "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
    "AA"
    "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\r\n"
    "From: a@warm.example\r\nSubject: s\r\n\r\n";

}  // namespace

void warm_authentication() {
  prove(kWarmMail, {.records = {{"sel._domainkey.warm.example", std::string{kWarmKey}}}, .trusted = {}});
}

bool same_organisation(std::string_view one, std::string_view other) {
  const std::string a = to_lower(one), b = to_lower(other);
  return a == b || organisation(a) == organisation(b);
}

std::vector<std::string> names_wanted(std::string_view mail) {
  std::vector<std::string> names;
  if (!has_signature(mail)) return names;
  const RawFields fields = take_fields(mail);
  const auto add = [&](std::string name) {
    if (is_dns_name(name) && names.size() < kNamesWantedMax && std::ranges::find(names, name) == names.end())
      names.push_back(std::move(name));
  };
  std::size_t signatures = 0;
  for (const std::string_view field : fields) {
    if (!equals_ignoring_case(name_of(field), "DKIM-Signature") || ++signatures > kSignaturesMax) continue;
    const std::string domain = to_lower(tag(value_of(field), "d")), selector = to_lower(tag(value_of(field), "s"));
    if (!domain.empty() && !selector.empty()) add(selector + "._domainkey." + domain);
  }
  if (const std::string from = from_domain(fields); !names.empty() && !from.empty()) {
    add("_dmarc." + from);
    add("_dmarc." + organisation(from));
  }
  return names;
}

Proof prove(std::string_view mail, const Witnesses& witnesses) {
  Proof proof;
  const RawFields fields = take_fields(mail);
  const bool is_signed = std::ranges::any_of(
      fields, [](std::string_view field) { return equals_ignoring_case(name_of(field), "DKIM-Signature"); });
  if (is_signed && !witnesses.records.empty()) verify_signatures(fields, mail, witnesses, proof);
  if (proof.authenticated == "none" && !witnesses.trusted.empty()) believe_results(fields, witnesses, proof);
  return proof;
}

}  // namespace abate::reading
