// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <map>
#include <optional>

#include "base/text.h"
#include "sweep/host/code/php.h"
#include "sweep/host/code/places.h"

namespace abate::sweep {
namespace {

using Kind = PhpToken::Kind;

constexpr std::string_view kRunners[] = {"eval", "assert", "create_function"};
constexpr std::string_view kShells[] = {"system", "exec", "shell_exec", "passthru", "popen", "proc_open", "pcntl_exec"};
constexpr std::string_view kStrongDecoders[] = {"base64_decode", "gzinflate", "gzuncompress",    "gzdecode",
                                                "str_rot13",     "hex2bin",   "convert_uudecode"};
constexpr std::string_view kWriters[] = {"file_put_contents", "fwrite", "fputs"};
constexpr std::string_view kSecrets[] = {"pass", "pwd",        "passwd",  "password", "pin",     "otp",
                                         "cvv",  "cvc",        "card",    "ccnum",    "cc",      "ssn",
                                         "iban", "cardnumber", "expdate", "exp",      "smscode", "kennwort"};
constexpr std::string_view kCleaners[] = {
    "escapeshellarg", "escapeshellcmd", "intval",    "absint", "sanitize_key", "basename", "md5",
    "sha1",           "hash",           "count",     "isset",  "empty",        "strlen",   "in_array",
    "is_numeric",     "filter_var",     "preg_match"};

bool one_of(std::string_view word, std::span<const std::string_view> words) {
  return std::ranges::find(words, word) != words.end();
}

bool is_request(std::string_view variable) {
  return variable == "$_GET" || variable == "$_POST" || variable == "$_REQUEST" || variable == "$_COOKIE" ||
         variable == "$_FILES" || variable == "$HTTP_RAW_POST_DATA" || variable == "$HTTP_POST_VARS";
}

struct Taint {
  bool request = false;   // holds what the visitor sent
  bool decoded = false;   // holds what was unpacked here
  bool uploaded = false;  // $_FILES
  bool built = false;     // a string put together from pieces: perhaps a function's name
  bool secret = false;    // what the visitor typed into a password field
  std::string detail;

  void take(const Taint& other) {
    request |= other.request;
    decoded |= other.decoded;
    uploaded |= other.uploaded;
    built |= other.built;
    secret |= other.secret;
    if (detail.empty()) detail = other.detail;
  }
};

class Flows {
 public:
  explicit Flows(const std::vector<PhpToken>& tokens) : tokens_{tokens} {}

  std::vector<PhpFlow> find() {
    for (std::size_t at = 0; at < tokens_.size(); ++at) {
      assignment(at);
      loop(at);
      call(at);
    }
    secrets();
    return std::move(flows_);
  }

 private:
  static constexpr std::size_t kArgumentTokensMax = 4000;
  static constexpr std::size_t kVariablesMax = 5000;
  static constexpr std::size_t kFlowsMax = 100;

  [[nodiscard]] bool sign(std::size_t at, std::string_view text) const {
    return at < tokens_.size() && tokens_[at].kind == Kind::sign && tokens_[at].text == text;
  }

  // Where the bracket that opens at `at` closes; the end of the tokens where it does not.
  [[nodiscard]] std::size_t closing(std::size_t at) const {
    int depth = 0;
    const std::size_t end = std::min(tokens_.size(), at + kArgumentTokensMax);
    for (std::size_t i = at; i < end; ++i) {
      if (tokens_[i].kind != Kind::sign) continue;
      const char c = tokens_[i].text[0];
      if (c == '(' || c == '[' || c == '{') ++depth;
      if ((c == ')' || c == ']' || c == '}') && --depth == 0) return i;
    }
    return end;
  }

  [[nodiscard]] std::size_t statement_end(std::size_t at) const {
    int depth = 0;
    const std::size_t end = std::min(tokens_.size(), at + kArgumentTokensMax);
    for (std::size_t i = at; i < end; ++i) {
      if (tokens_[i].kind != Kind::sign) continue;
      const char c = tokens_[i].text[0];
      if (c == '(' || c == '[' || c == '{') ++depth;
      if (c == ')' || c == ']' || c == '}') --depth;
      if (depth < 0 || (depth == 0 && c == ';')) return i;
    }
    return end;
  }

  [[nodiscard]] bool is_call(std::size_t at) const {
    if (tokens_[at].kind != Kind::name || !sign(at + 1, "(")) return false;
    if (at == 0) return true;
    const PhpToken& before = tokens_[at - 1];
    if (before.kind == Kind::sign && (before.text == "->" || before.text == "::")) return false;
    return !(before.kind == Kind::name &&
             (equals_ignoring_case(before.text, "function") || equals_ignoring_case(before.text, "new")));
  }

  // What the tokens in [begin, end) hold.
  [[nodiscard]] Taint taint_of(std::size_t begin, std::size_t end) const {
    Taint taint;
    std::size_t pieces = 0;
    for (std::size_t i = begin; i < end; ++i) {
      const PhpToken& token = tokens_[i];
      if (token.kind == Kind::variable) {
        if (is_request(token.text)) {
          taint.request = true;
          taint.uploaded |= token.text == "$_FILES";
          taint.secret |= is_secret(i);
          taint.detail = token.text;
        } else if (token.text == "$_SERVER" && sign(i + 1, "[") && i + 2 < end &&
                   starts_with_ignoring_case(tokens_[i + 2].text, "HTTP_")) {
          taint.request |= !equals_ignoring_case(tokens_[i + 2].text, "HTTP_HOST");
          if (taint.detail.empty()) taint.detail = token.text;
        } else if (const auto known = variables_.find(token.text); known != variables_.end()) {
          taint.take(known->second);
        }
      } else if (token.kind == Kind::text) {
        ++pieces;
        if (token.text == "php://input") taint.request = true, taint.detail = "php://input";
        // "$_POST[x]" within double quotes
        if (token.text.find("$_POST") != std::string_view::npos || token.text.find("$_GET") != std::string_view::npos ||
            token.text.find("$_REQUEST") != std::string_view::npos)
          taint.request = true;
        for (std::size_t dollar = token.text.find('$'); dollar != std::string_view::npos;
             dollar = token.text.find('$', dollar + 1)) {
          std::size_t stop = dollar + 1;
          while (stop < token.text.size() &&
                 (std::isalnum(static_cast<unsigned char>(token.text[stop])) != 0 || token.text[stop] == '_'))
            ++stop;
          if (const auto known = variables_.find(token.text.substr(dollar, stop - dollar)); known != variables_.end())
            taint.take(known->second);
        }
      } else if (token.kind == Kind::name && sign(i + 1, "(")) {
        const std::string name = to_lower(token.text);
        if (one_of(name, kCleaners)) {
          i = std::min(closing(i + 1), end);
          continue;
        }
        if (one_of(name, kStrongDecoders)) taint.decoded = true, taint.detail = name;
        if (name == "chr" && ++pieces > 4) taint.decoded = true, taint.detail = "chr() by chr()";
        if (name == "implode" || name == "strrev" || name == "str_replace" || name == "join") taint.built = true;
      } else if (token.kind == Kind::sign && (token.text == "." || token.text == "[")) {
        taint.built |= token.text == "." && pieces > 0;
      }
    }
    return taint;
  }

  [[nodiscard]] bool is_secret(std::size_t at) const {
    if (!sign(at + 1, "[") || at + 2 >= tokens_.size() || tokens_[at + 2].kind != Kind::text) return false;
    const std::string name = to_lower(tokens_[at + 2].text);
    return std::ranges::any_of(kSecrets, [&](std::string_view word) {
      return word.size() > 3 ? name.find(word) != std::string::npos : name == word;
    });
  }

  void assignment(std::size_t at) {
    if (tokens_[at].kind != Kind::variable) return;
    std::size_t equals = at + 1;
    while (sign(equals, "[")) equals = closing(equals) + 1;
    const bool joins = sign(equals, ".=");
    if (!joins && !sign(equals, "=")) return;
    Taint taint = taint_of(equals + 1, statement_end(equals + 1));
    const auto known = variables_.find(tokens_[at].text);
    if (known != variables_.end()) {
      if (joins || equals != at + 1)
        known->second.take(taint);
      else
        known->second = std::move(taint);
      return;
    }
    if ((taint.request || taint.decoded || taint.built || taint.uploaded) && variables_.size() < kVariablesMax)
      variables_.emplace(tokens_[at].text, std::move(taint));
  }

  // foreach (LIST as $key => $each): the variables hold what the list held.
  void loop(std::size_t at) {
    if (tokens_[at].kind != Kind::name || !equals_ignoring_case(tokens_[at].text, "foreach") || !sign(at + 1, "("))
      return;
    const std::size_t end = closing(at + 1);
    std::size_t as = at + 2;
    while (as < end && !(tokens_[as].kind == Kind::name && equals_ignoring_case(tokens_[as].text, "as"))) ++as;
    const Taint taint = taint_of(at + 2, as);
    if (!taint.request && !taint.decoded) return;
    for (std::size_t i = as; i < end; ++i)
      if (tokens_[i].kind == Kind::variable && variables_.size() < kVariablesMax)
        variables_[tokens_[i].text].take(taint);
  }

  void add(PhpFlow::What what, std::size_t at, std::string sink, std::string detail) {
    if (flows_.size() < kFlowsMax) flows_.push_back({what, tokens_[at].line, std::move(sink), std::move(detail)});
  }

  void call(std::size_t at) {
    const PhpToken& token = tokens_[at];
    if (token.kind == Kind::shell) {
      if (token.text.find("$_") != std::string_view::npos)
        add(PhpFlow::What::request_run, at, "backticks", "the visitor's input");
      return;
    }
    if (token.kind == Kind::variable) return variable_call(at);
    if (token.kind != Kind::name) return;
    const std::string name = to_lower(token.text);
    if (name == "include" || name == "require" || name == "include_once" || name == "require_once") {
      const Taint taint = taint_of(at + 1, statement_end(at + 1));
      if (taint.request) add(PhpFlow::What::request_include, at, name, taint.detail);
      return;
    }
    const bool bare_eval = name == "eval" && sign(at + 1, "(");
    if (!bare_eval && !is_call(at)) return;
    const std::size_t end = closing(at + 1);
    const Taint all = taint_of(at + 2, end);
    if (one_of(name, kRunners)) {
      if (all.decoded)
        add(PhpFlow::What::decoded_run, at, name, all.detail);
      else if (all.request)
        add(PhpFlow::What::request_run, at, name, all.detail);
    } else if (name == "preg_replace" && at + 2 < end && tokens_[at + 2].kind == Kind::text &&
               has_e_modifier(tokens_[at + 2].text)) {
      if (all.decoded || all.request)
        add(all.decoded ? PhpFlow::What::decoded_run : PhpFlow::What::request_run, at, "preg_replace /e", all.detail);
    } else if (one_of(name, kShells)) {
      if (all.request && !all.uploaded) add(PhpFlow::What::request_run, at, name, all.detail);
    } else if (name == "call_user_func" || name == "call_user_func_array" || name == "array_map" || name == "usort" ||
               name == "array_filter") {
      const Taint first = taint_of(at + 2, first_argument_end(at + 2, end));
      if (first.request && all.request) add(PhpFlow::What::request_call, at, name, first.detail);
    } else if (name == "move_uploaded_file" || (name == "copy" && all.uploaded)) {
      add(PhpFlow::What::upload_kept, at, name, "$_FILES");
    } else if (one_of(name, kWriters)) {
      if (all.request) add(PhpFlow::What::request_write, at, name, all.detail);
    } else if (name == "mail" || name == "wp_mail") {
      const Taint first = taint_of(at + 2, first_argument_end(at + 2, end));
      if (first.request) add(PhpFlow::What::mail_to_request, at, name, first.detail);
    }
  }

  [[nodiscard]] std::size_t first_argument_end(std::size_t begin, std::size_t end) const {
    int depth = 0;
    for (std::size_t i = begin; i < end; ++i) {
      if (tokens_[i].kind != Kind::sign) continue;
      const char c = tokens_[i].text[0];
      if (c == '(' || c == '[' || c == '{') ++depth;
      if (c == ')' || c == ']' || c == '}') --depth;
      if (depth == 0 && c == ',') return i;
    }
    return end;
  }

  // /x/e, {x}e, #x#ie …: letters after the last delimiter.
  static bool has_e_modifier(std::string_view pattern) {
    if (pattern.size() < 3) return false;
    const char open = pattern[0];
    const char close = open == '(' ? ')' : open == '{' ? '}' : open == '[' ? ']' : open == '<' ? '>' : open;
    if (std::isalnum(static_cast<unsigned char>(open)) != 0 || open == '\\') return false;
    const std::size_t last = pattern.rfind(close);
    return last != 0 && last != std::string_view::npos && pattern.substr(last + 1).find('e') != std::string_view::npos;
  }

  void variable_call(std::size_t at) {
    // A method's name or a static property is not ours to follow.
    if (at > 0 && tokens_[at - 1].kind == Kind::sign && (tokens_[at - 1].text == "->" || tokens_[at - 1].text == "::"))
      return;
    std::size_t open = at + 1;
    while (sign(open, "[") || sign(open, "{")) open = closing(open) + 1;
    if (!sign(open, "(")) return;
    const std::size_t end = closing(open);
    const Taint arguments = taint_of(open + 1, end);
    if (is_request(tokens_[at].text))
      return add(PhpFlow::What::request_call, at, std::string{tokens_[at].text}, "a function that the visitor names");
    const auto known = variables_.find(tokens_[at].text);
    if (known == variables_.end()) return;
    if (known->second.request)
      add(PhpFlow::What::request_call, at, std::string{tokens_[at].text}, known->second.detail);
    else if ((known->second.built || known->second.decoded) &&
             (arguments.request || arguments.decoded || known->second.decoded))
      add(PhpFlow::What::built_call, at, std::string{tokens_[at].text}, known->second.detail);
  }

  // Typed secrets that leave: each half is ordinary, both together in one file are a collector.
  void secrets() {
    std::size_t taken = 0, sent = 0;
    std::string how;
    for (std::size_t i = 0; i < tokens_.size(); ++i) {
      if (tokens_[i].kind == Kind::variable && is_request(tokens_[i].text) && is_secret(i))
        taken = taken == 0 ? i + 1 : taken;
      if (tokens_[i].kind == Kind::text && tokens_[i].text.find("api.telegram.org/bot") != std::string_view::npos)
        sent = i + 1, how = "a Telegram bot";
      if (sent == 0 && tokens_[i].kind == Kind::name && is_call(i)) {
        const std::string name = to_lower(tokens_[i].text);
        if (name != "mail" && !one_of(name, kWriters)) continue;
        if (taint_of(i + 2, closing(i + 1)).secret) sent = i + 1, how = name == "mail" ? "mail()" : "a file";
      }
    }
    if (taken != 0 && sent != 0) add(PhpFlow::What::secrets_sent, sent - 1, how, std::string{tokens_[taken + 1].text});
  }

  const std::vector<PhpToken>& tokens_;
  std::map<std::string_view, Taint> variables_;
  std::vector<PhpFlow> flows_;
};

}  // namespace

std::vector<PhpFlow> php_flows(const std::vector<PhpToken>& tokens) { return Flows{tokens}.find(); }

bool checks_who_asks(const std::vector<PhpToken>& tokens) {
  constexpr std::string_view kChecks[] = {"current_user_can",  "check_admin_referer",
                                          "wp_verify_nonce",   "check_ajax_referer",
                                          "is_user_logged_in", "jexec",
                                          "abspath",           "user_access",
                                          "isgranted",         "auth_redirect",
                                          "require_login",     "csrf_check",
                                          "verify_token",      "checktoken",
                                          "validatetoken",     "password_verify"};
  return std::ranges::any_of(tokens, [&](const PhpToken& token) {
    if (token.kind != Kind::name && token.kind != Kind::text) return false;
    return token.text.size() < 24 && one_of(to_lower(token.text), kChecks) && to_lower(token.text) != "abspath" &&
           to_lower(token.text) != "jexec";
  });
}

std::size_t calls_of(const std::vector<PhpToken>& tokens, std::string_view function) {
  std::size_t count = 0;
  for (std::size_t i = 0; i + 1 < tokens.size(); ++i)
    count += tokens[i].kind == Kind::name && equals_ignoring_case(tokens[i].text, function) &&
             tokens[i + 1].kind == Kind::sign && tokens[i + 1].text == "(";
  return count;
}

const PhpFile& php_file(std::string_view path, std::string_view bytes) {
  struct Last {
    std::string path;
    std::string_view bytes;
    PhpFile file;
  };
  thread_local Last last;
  // The engine reads each file into the same buffer: the path tells one from the next.
  if (last.path == path && last.bytes.data() == bytes.data() && last.bytes.size() == bytes.size()) return last.file;
  last.path = path;
  last.bytes = bytes;
  last.file = {};
  constexpr std::size_t kBeginning = 256;
  // A zip whose first member is stored as it is begins so too; its members are looked at one by one.
  const bool zip = bytes.starts_with("PK\3\4");
  const bool begins =
      !zip && (bytes.substr(0, kBeginning).find("<?php") != std::string_view::npos || bytes.starts_with("<?="));
  last.file.is_php = begins || (runs_as_php(path) && holds_php(bytes));
  if (!last.file.is_php) return last.file;
  last.file.tokens = php_tokens(bytes);
  last.file.flows = php_flows(last.file.tokens);
  last.file.checks_who_asks = checks_who_asks(last.file.tokens);
  return last.file;
}

}  // namespace abate::sweep
