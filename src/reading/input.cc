// SPDX-License-Identifier: Apache-2.0
#include "reading/input.h"

#include "base/text.h"
#include "reading/mail_facts.h"
#include "reading/mime/charset.h"
#include "reading/xml.h"

namespace abate::reading {
namespace {

std::string bare_type(std::string_view content_type) {
  return to_lower(trim(content_type.substr(0, content_type.find(';'))));
}

// A mail begins with a header field (or an mbox line); RFC 5322 names are printable and end in a colon.
bool begins_like_mail(std::string_view bytes) {
  const auto first = bytes.find_first_not_of("\r\n");
  if (first == std::string_view::npos) return false;
  std::string_view rest = bytes.substr(first);
  if (rest.starts_with("From ") || rest.starts_with(">From ")) return true;
  for (std::size_t i = 0; i < rest.size() && i < 80; ++i) {
    if (rest[i] == ':') return i > 0 && !rest.substr(i + 1).starts_with("//");  // a list of URLs is no header
    if (rest[i] <= ' ' || rest[i] >= 0x7f) return false;
  }
  return false;
}

bool may_be_mail(std::string_view type) {
  return type.empty() || type == "message/rfc822" || type == "text/plain" || type == "application/octet-stream";
}

}  // namespace

Input::Input(std::string_view bytes, std::string_view content_type, std::string_view reporter_domain)
    : bytes_{bytes}, content_type_{bare_type(content_type)}, reporter_domain_{reporter_domain} {}
Input::~Input() = default;

const Message* Input::message() const {
  if (!message_tried_) {
    message_tried_ = true;
    const bool other = looks_like_json(bytes_) || looks_like_xml(bytes_);
    const bool mail =
        !other && (content_type_ == "message/rfc822" || (may_be_mail(content_type_) && begins_like_mail(bytes_)));
    if (mail) message_ = std::make_unique<Message>(Message::parse(bytes_));
  }
  return message_.get();
}

const Json* Input::json() const {
  if (!json_tried_) {
    json_tried_ = true;
    if (looks_like_json(bytes_))
      if (auto parsed = parse_json(bytes_)) json_ = std::make_unique<Json>(std::move(*parsed));
  }
  return json_.get();
}

const MailFacts& Input::facts() const {
  if (!facts_) {
    facts_ = std::make_unique<MailFacts>();
    if (const Message* mail = message()) {
      *facts_ = mail_facts(*mail);
    } else {
      const std::string_view head = bytes_.substr(0, kMailTextBytesMax);
      facts_->text = shorten(decode_charset(head, "").text, kMailTextBytesMax);
    }
  }
  return *facts_;
}

const std::string& Input::lower_head() const {
  if (lower_head_.empty())
    lower_head_ = to_lower(facts().subject) + '\n' + to_lower(std::string_view(facts().text).substr(0, kHeadBytesMax));
  return lower_head_;
}

}  // namespace abate::reading
