// SPDX-License-Identifier: Apache-2.0
#include "sweep/host/logs/access.h"

#include "base/text.h"
#include "sweep/host/logs/scan.h"

namespace abate::sweep {
namespace {

bool is_inner(const IpAddress& address) {
  if (!address.is_v4()) return (address.bytes()[0] & 0xfeU) == 0xfcU || address.to_string() == "::1";
  const std::uint32_t value = address.v4_value();
  return value >> 24U == 127 || value >> 24U == 10 || value >> 20U == 0xac1 || value >> 16U == 0xc0a8;
}

// Up to the quote that ends it: `\"` does not (Apache; nginx writes \x22).
std::string_view take_quoted(std::string_view& text) {
  std::size_t at = 0;
  for (;;) {
    at = text.find('"', at);
    if (at == std::string_view::npos) break;
    std::size_t slashes = 0;
    while (slashes < at && text[at - 1 - slashes] == '\\') ++slashes;
    if (slashes % 2 == 0) break;
    ++at;
  }
  const std::string_view value = text.substr(0, at);
  text = at == std::string_view::npos ? std::string_view{} : text.substr(at + 1);
  return value;
}

void set_request(Request& request, std::string_view line) {
  const std::size_t blank = line.find(' ');
  if (blank == std::string_view::npos) {
    request.target = line;
    return;
  }
  request.method = line.substr(0, blank);
  request.target = line.substr(blank + 1);
  const std::size_t version = request.target.rfind(" HTTP/");
  if (version != std::string_view::npos) request.target = request.target.substr(0, version);
}

std::string_view or_nothing(std::string_view value) { return value == "-" ? std::string_view{} : value; }

void set_forwarded(Request& request, std::string_view list) {
  if (request.client && !is_inner(*request.client)) return;
  while (!list.empty()) {
    const std::size_t comma = list.rfind(',');
    const auto one = ip_with_port(trim(comma == std::string_view::npos ? list : list.substr(comma + 1)));
    if (one && !is_inner(*one)) {
      request.client = one;
      return;
    }
    if (comma == std::string_view::npos) return;
    list = list.substr(0, comma);
  }
}

}  // namespace

bool AccessFormat::read_usual(std::string_view line, Stamps& stamps, Event& event) {
  std::string_view text = line;
  Request request;
  std::string_view first = take_word(text);
  request.client = ip_in_log(first);
  if (!request.client) {  // "site:80 192.0.2.1 - - [", "site 192.0.2.1 - - ["; or a name of the client
    std::string_view ahead = text;
    const auto second = ip_in_log(take_word(ahead));
    if (second) {
      request.client = second;
      text = ahead;
      const std::size_t colon = first.rfind(':');
      request.site = first.substr(0, colon);
    }
  }
  take_word(text);
  const std::size_t open = text.find(" [");  // a user's name may hold blanks
  if (open == std::string_view::npos) return false;
  request.user = or_nothing(text.substr(0, open));
  text.remove_prefix(open + 2);
  event.at = stamps.take_clf(text);
  if (!event.at || !take(text, "] \"")) return false;
  set_request(request, take_quoted(text));
  if (!take(text, " ") || !take_number(text, request.status)) return false;
  if (take(text, " ")) {
    if (!take_number(text, request.bytes)) take(text, "-");
    if (take(text, " \"")) request.referer = or_nothing(take_quoted(text));
    if (take(text, " \"")) request.agent = or_nothing(take_quoted(text));
    if (request.client && is_inner(*request.client) && take(text, " \"")) set_forwarded(request, take_quoted(text));
  }
  event.program = "access";
  event.message = line;
  event.what = request;
  return true;
}

bool AccessFormat::read(std::string_view line, Stamps& stamps, Event& event) const {
  if (parts_.empty()) return read_usual(line, stamps, event);
  return read_known(line, stamps, event) || read_usual(line, stamps, event);
}

bool AccessFormat::read_known(std::string_view line, Stamps& stamps, Event& event) const {
  std::string_view text = line;
  if (!take(text, before_)) return false;
  Request request;
  std::string_view forwarded;
  event.at.reset();
  for (const Part& part : parts_) {
    std::string_view value;
    if (part.field == Field::time) {
      take(text, "[");
      event.at = stamps.take_clf(text);
      if (!event.at) event.at = stamps.take_iso(text);
      if (!event.at) event.at = stamps.take_epoch(text);
      if (!event.at) return false;
      take(text, "]");
      if (!take(text, part.until)) return false;
      continue;
    }
    if (part.until.starts_with('"')) {
      value = take_quoted(text);
      if (!take(text, std::string_view{part.until}.substr(1))) return false;
    } else if (part.until.empty()) {
      value = text;
      text = {};
    } else {
      if (text.find(part.until) == std::string_view::npos) return false;
      value = take_to(text, part.until);
    }
    switch (part.field) {
      case Field::site: request.site = value.substr(0, value.find(':')); break;
      case Field::client: request.client = ip_in_log(value); break;
      case Field::forwarded: forwarded = value; break;
      case Field::user: request.user = or_nothing(value); break;
      case Field::request: set_request(request, value); break;
      case Field::method: request.method = value; break;
      case Field::target: request.target = value; break;
      case Field::status: request.status = number_or<std::uint16_t>(value, 0); break;
      case Field::bytes: request.bytes = number_or<std::uint64_t>(value, 0); break;
      case Field::referer: request.referer = or_nothing(value); break;
      case Field::agent: request.agent = or_nothing(value); break;
      case Field::time:
      case Field::none: break;
    }
  }
  if (!event.at) return false;
  if (!forwarded.empty()) set_forwarded(request, forwarded);
  event.program = "access";
  event.message = line;
  event.what = request;
  return true;
}

void AccessFormat::finish() {
  const auto has = [&](Field field) {
    for (const Part& part : parts_)
      if (part.field == field) return true;
    return false;
  };
  // Without a time or a request it is no access log that we understand: the usual ones are tried.
  bool parted = true;  // two values without anything between cannot be told apart
  for (std::size_t i = 0; i + 1 < parts_.size(); ++i) parted &= !parts_[i].until.empty();
  if (!parted || parts_.size() > kPartsMax || !has(Field::time) || (!has(Field::request) && !has(Field::target)))
    parts_.clear();
}

AccessFormat AccessFormat::parse_apache(std::string_view text) {
  AccessFormat format;
  std::string* literal = &format.before_;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '\\' && at + 1 < text.size()) {
      *literal += text[++at] == 't' ? '\t' : text[at];
      continue;
    }
    if (text[at] != '%' || at + 1 >= text.size()) {
      *literal += text[at];
      continue;
    }
    ++at;
    while (at < text.size() && (text[at] == '>' || text[at] == '<' || text[at] == '!' || text[at] == ',' ||
                                (text[at] >= '0' && text[at] <= '9')))
      ++at;
    std::string name;
    if (at < text.size() && text[at] == '{') {
      const std::size_t close = text.find('}', at);
      if (close == std::string_view::npos) break;
      name = to_lower(text.substr(at + 1, close - at - 1));
      at = close + 1;
    }
    if (at >= text.size()) break;
    Part part;
    switch (text[at]) {
      case '%': *literal += '%'; continue;
      case 'v':
      case 'V': part.field = Field::site; break;
      case 'h':
      case 'a': part.field = name == "c" ? Field::none : Field::client; break;
      case 'u': part.field = Field::user; break;
      case 't': part.field = Field::time; break;
      case 'r': part.field = Field::request; break;
      case 'm': part.field = Field::method; break;
      case 'U': part.field = Field::target; break;
      case 's': part.field = Field::status; break;
      case 'b':
      case 'B':
      case 'O': part.field = Field::bytes; break;
      case 'i':
        part.field = name == "referer"           ? Field::referer
                     : name == "user-agent"      ? Field::agent
                     : name == "x-forwarded-for" ? Field::forwarded
                     : name == "host"            ? Field::site
                                                 : Field::none;
        break;
      default: break;
    }
    literal = &format.parts_.emplace_back(std::move(part)).until;
    if (format.parts_.size() > kPartsMax) break;
  }
  format.finish();
  return format;
}

AccessFormat AccessFormat::parse_nginx(std::string_view text) {
  AccessFormat format;
  std::string* literal = &format.before_;
  for (std::size_t at = 0; at < text.size();) {
    if (text[at] != '$') {
      *literal += text[at++];
      continue;
    }
    ++at;
    const bool braces = at < text.size() && text[at] == '{';
    if (braces) ++at;
    std::size_t end = at;
    while (end < text.size() &&
           (text[end] == '_' || (text[end] >= 'a' && text[end] <= 'z') || (text[end] >= '0' && text[end] <= '9')))
      ++end;
    const std::string_view name = text.substr(at, end - at);
    at = end + (braces && end < text.size() ? 1 : 0);
    Part part;
    if (name == "remote_addr" || name == "realip_remote_addr") part.field = Field::client;
    if (name == "http_x_forwarded_for" || name == "proxy_add_x_forwarded_for") part.field = Field::forwarded;
    if (name == "remote_user") part.field = Field::user;
    if (name == "time_local" || name == "time_iso8601" || name == "msec") part.field = Field::time;
    if (name == "request") part.field = Field::request;
    if (name == "request_method") part.field = Field::method;
    if (name == "request_uri" || name == "uri") part.field = Field::target;
    if (name == "status") part.field = Field::status;
    if (name == "body_bytes_sent" || name == "bytes_sent") part.field = Field::bytes;
    if (name == "http_referer") part.field = Field::referer;
    if (name == "http_user_agent") part.field = Field::agent;
    if (name == "host" || name == "server_name" || name == "http_host") part.field = Field::site;
    if (part.field == Field::time && literal->ends_with('[')) literal->pop_back();  // taken with the time
    literal = &format.parts_.emplace_back(std::move(part)).until;
    if (format.parts_.size() > kPartsMax) break;
  }
  for (Part& part : format.parts_)
    if (part.field == Field::time && part.until.starts_with(']')) part.until.erase(0, 1);
  format.finish();
  return format;
}

namespace {

// Words of a line of configuration; quotes of both kinds hold a word together.
std::vector<std::string> words_of(std::string_view line, bool backslash) {
  std::vector<std::string> words;
  std::string word;
  char quote = 0;
  bool any = false;
  for (std::size_t at = 0; at < line.size(); ++at) {
    const char c = line[at];
    if (quote == 0 && (c == ' ' || c == '\t')) {
      if (any) words.push_back(std::move(word));
      word.clear();
      any = false;
    } else if (quote == 0 && (c == '"' || c == '\'')) {
      quote = c;
      any = true;
    } else if (c == quote && quote != 0) {
      quote = 0;
    } else if (backslash && c == '\\' && at + 1 < line.size() && line[at + 1] == '"') {
      word += '"';
      ++at;
    } else {
      word += c;
      any = true;
    }
  }
  if (any) words.push_back(std::move(word));
  return words;
}

std::string with_folders(std::string path, std::string_view default_folder) {
  for (const std::string_view name : {"${APACHE_LOG_DIR}", "$APACHE_LOG_DIR"})
    if (path.starts_with(name)) path.replace(0, name.size(), default_folder);
  if (path.starts_with("logs/")) path = "/var/log/httpd/" + path.substr(5);
  return path;
}

}  // namespace

std::map<std::string, AccessFormat, std::less<>> access_formats(const Tree& tree) {
  std::map<std::string, std::string> apache_named;
  std::vector<std::pair<std::string, std::string>> apache_logs;
  for (const std::string_view pattern :
       {"/etc/apache2/apache2.conf", "/etc/apache2/conf-enabled/*", "/etc/apache2/sites-enabled/*",
        "/etc/apache2/conf/*.conf", "/etc/httpd/conf/*.conf", "/etc/httpd/conf.d/*.conf"})
    for (const std::string& path : glob(tree, pattern)) {
      const std::string text = read_or_nothing(tree, path);
      for (std::string_view line : split(text, '\n')) {
        line = trim(line);
        if (!starts_with_ignoring_case(line, "LogFormat ") && !starts_with_ignoring_case(line, "CustomLog ")) continue;
        const bool is_format = (line.front() | 0x20) == 'l';
        std::vector<std::string> words = words_of(line, true);
        if (words.size() < 3 || apache_named.size() + apache_logs.size() > kFormatsMax) continue;
        if (is_format) {
          apache_named[words[2]] = words[1];
        } else {
          apache_logs.emplace_back(with_folders(words[1], "/var/log/apache2"), words[2]);
        }
      }
    }
  std::map<std::string, AccessFormat, std::less<>> formats;
  for (const auto& [path, name] : apache_logs) {
    const auto found = apache_named.find(name);
    const std::string& text = found == apache_named.end() ? name : found->second;
    if (text.find('%') != std::string::npos) formats[path] = AccessFormat::parse_apache(text);
  }
  std::map<std::string, std::string> nginx_named;
  std::vector<std::pair<std::string, std::string>> nginx_logs;
  for (const std::string_view pattern :
       {"/etc/nginx/nginx.conf", "/etc/nginx/conf.d/*", "/etc/nginx/sites-enabled/*", "/etc/nginx/snippets/*"})
    for (const std::string& path : glob(tree, pattern)) {
      std::string text = read_or_nothing(tree, path);
      for (std::size_t at = 0; at < text.size();) {  // statements end with ';'
        std::size_t end = at;
        char quote = 0;
        while (end < text.size() && (quote != 0 || text[end] != ';')) {
          const char c = text[end];
          if (quote == 0 && c == '#') {
            while (end < text.size() && text[end] != '\n') text[end++] = ' ';
            continue;
          }
          if (quote == 0 && (c == '{' || c == '}')) break;
          if (quote != 0 ? c == quote : c == '"' || c == '\'') quote = quote != 0 ? '\0' : c;
          if (c == '\n') text[end] = ' ';
          ++end;
        }
        const std::string_view statement = trim(std::string_view{text}.substr(at, end - at));
        at = end + 1;
        if (!statement.starts_with("log_format ") && !statement.starts_with("access_log ")) continue;
        std::vector<std::string> words = words_of(statement, false);
        if (words.size() < 3 || nginx_named.size() + nginx_logs.size() > kFormatsMax) continue;
        if (words[0] == "access_log") {
          nginx_logs.emplace_back(words[1], words[2]);
          continue;
        }
        std::string joined;
        for (std::size_t i = 2; i < words.size(); ++i)
          if (!words[i].starts_with("escape=")) joined += words[i];
        nginx_named[words[1]] = std::move(joined);
      }
    }
  for (const auto& [path, name] : nginx_logs)
    if (const auto found = nginx_named.find(name); found != nginx_named.end())
      formats[path] = AccessFormat::parse_nginx(found->second);
  return formats;
}

}  // namespace abate::sweep
