// SPDX-License-Identifier: Apache-2.0
// reading/mime/message.h — a mail as reading sees it: headers as text, and its parts in one flat list.
//
//   Message message = Message::parse(bytes);
//   std::string subject = message.header("Subject");
//   for (std::size_t i = 0; i < message.parts().size(); ++i)
//     if (message.parts()[i].type == "text/plain") use(message.text(i));
//
// SECURITY: the bytes are hostile. GMime 3 parses them; this is the only file that knows it. Nothing is opened, fetched
// or run. Whatever the bytes are, there is a Message: no boundary, bare CR, NUL, no empty line and nesting without end
// are all read as far as they make sense, and what was cut off stands in warnings().
//
// The bytes are borrowed: they must outlive the Message, and content() may point into them. Texts are valid UTF-8;
// content() is bytes. Limits are the constants below. One thread at a time.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/incident.h"
#include "reading/mime/fields.h"

namespace abate::reading {

constexpr std::size_t kPartsMax = 1'000;            // beyond it parts are not looked at
constexpr std::size_t kDepthMax = 40;               // nesting of multiparts and messages
constexpr std::size_t kHeaderBytesMax = 64 * 1024;  // of one header value; the rest is cut
constexpr std::size_t kHeadersOfOneNameBytesMax = 256 * 1024;
constexpr std::size_t kHeadersOfOneNameMax = 200;             // Received fields and the like
constexpr std::size_t kPartBytesMax = std::size_t{64} << 20;  // decoded, of one part; the rest is cut
constexpr std::size_t kAddressesMax = 200;                    // of one field

struct Address {
  std::string mail;  // lower case, "user@example.org"
  std::string name;
};

enum class Transfer : unsigned char { verbatim, base64, quoted_printable, uuencode };

struct Part {
  std::string type;             // "text/plain", lower case; "message/rfc822" for every kind of whole mail inside
  std::string name;             // its file name, or ""
  std::size_t depth = 0;        // 0 for the mail's own body
  bool attached = false;        // Content-Disposition: attachment
  bool inside_message = false;  // belongs to a mail within the mail, not to the report itself
  Transfer transfer = Transfer::verbatim;
  // Where its body stands in the report, as it was sent. For message/rfc822: the whole inner mail with its headers.
  std::optional<ByteRange> range;
};

class Message {
 public:
  static Message parse(std::string_view bytes);
  ~Message();
  Message(Message&&) noexcept;
  Message& operator=(Message&&) noexcept;

  // Decoded text of the first such field of the mail, or "".
  [[nodiscard]] std::string header(std::string_view name) const;
  [[nodiscard]] bool has_header(std::string_view name) const;
  [[nodiscard]] std::vector<std::string> headers(std::string_view name) const;
  [[nodiscard]] std::vector<Address> addresses(std::string_view name) const;
  [[nodiscard]] std::size_t header_count() const;
  // "feedback-report" from the mail's own Content-Type; lower case, or "".
  [[nodiscard]] std::string content_type_parameter(const char* name) const;

  // Outer before inner, in their order. A multipart itself is no part.
  [[nodiscard]] const std::vector<Part>& parts() const;
  [[nodiscard]] std::string multipart_type() const;  // "multipart/report" of the mail's own body, or ""
  // The part's bytes, its transfer encoding undone. Lives as long as the Message; for verbatim parts it points into the
  // report. For message/rfc822: the inner mail as it stands.
  [[nodiscard]] std::string_view content(std::size_t part) const;
  // The same as UTF-8 text, at most `bytes_max` long; markup of text/html is taken away.
  [[nodiscard]] std::string text(std::size_t part, std::size_t bytes_max) const;
  // Headers of the mail inside a message/rfc822 part or of a text/rfc822-headers part; they live as long as the Message.
  [[nodiscard]] const Fields& inner_headers(std::size_t part) const;
  // The first part of a type that belongs to the report itself.
  [[nodiscard]] std::optional<std::size_t> find(std::string_view type) const;

  [[nodiscard]] const std::vector<std::string>& warnings() const;

 private:
  struct Inside;
  explicit Message(std::unique_ptr<Inside> inside);
  std::unique_ptr<Inside> inside_;
};

// "Name" <user@example.org>, other@example.org: what looks like a mail address, at most kAddressesMax.
std::vector<Address> parse_addresses(std::string_view decoded);
// What people see of HTML: tags, scripts and styles gone, the common entities undone. Not for showing as HTML.
std::string html_to_text(std::string_view html, std::size_t bytes_max);

}  // namespace abate::reading
