// SPDX-License-Identifier: Apache-2.0
// reading/input.h — one report as the formats look at it: its bytes, and what they are as a mail or as JSON. Parsed
// once, when first asked for. The bytes are borrowed. One thread at a time.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "model/report.h"
#include "reading/json.h"
#include "reading/mime/message.h"

namespace abate::reading {

constexpr std::size_t kHeadBytesMax = 16 * 1024;

class Input {
 public:
  Input(std::string_view bytes, std::string_view content_type, std::string_view reporter_domain);
  ~Input();

  [[nodiscard]] std::string_view bytes() const { return bytes_; }
  [[nodiscard]] const std::string& content_type() const { return content_type_; }  // lower case, no parameters
  [[nodiscard]] std::string_view reporter_domain() const { return reporter_domain_; }

  // The report as a mail; nullptr where it was sent as something else or has no header to begin with.
  [[nodiscard]] const Message* message() const;
  // The report as JSON when it *is* JSON (a mail's JSON parts: parse_json(message()->content(part))), else nullptr.
  [[nodiscard]] const Json* json() const;
  // What the desk needs of a mail; for anything else the text to show.
  [[nodiscard]] const MailFacts& facts() const;
  // Subject, a line end, and the first kHeadBytesMax of the text to show, in lower case (ASCII): where a form in words
  // shows itself.
  [[nodiscard]] const std::string& lower_head() const;

 private:
  std::string_view bytes_;
  std::string content_type_;
  std::string_view reporter_domain_;
  mutable bool message_tried_ = false;
  mutable bool json_tried_ = false;
  mutable std::unique_ptr<Message> message_;
  mutable std::unique_ptr<Json> json_;
  mutable std::unique_ptr<MailFacts> facts_;
  mutable std::string lower_head_;
};

}  // namespace abate::reading
