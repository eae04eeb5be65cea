// SPDX-License-Identifier: Apache-2.0
#include "reading/mime/message.h"

#include <cstring>
#include <deque>
#include <mutex>

#include <gmime/gmime.h>

#include "base/text.h"
#include "reading/mime/charset.h"

namespace abate::reading {
namespace {

struct Unref {
  void operator()(void* object) const { g_object_unref(object); }
};
template <class T>
using GRef = std::unique_ptr<T, Unref>;

constexpr std::size_t kLineEndSearchMax = 64 * 1024;

// Old Macs end lines by a bare CR, which GMime reads as one endless line. Both ends are one byte long: offsets stay.
std::string with_line_feeds(std::string_view bytes) {
  std::string copy(bytes);
  std::replace(copy.begin(), copy.end(), '\r', '\n');
  return copy;
}

bool has_only_bare_cr(std::string_view bytes) {
  const std::string_view head = bytes.substr(0, kLineEndSearchMax);
  return head.find('\n') == std::string_view::npos && head.find('\r') != std::string_view::npos;
}

// An mbox line or empty lines before the first header are not GMime's to see.
std::size_t first_header_offset(std::string_view bytes) {
  std::size_t at = std::min(bytes.find_first_not_of("\r\n"), bytes.size());
  while (bytes.substr(at).starts_with("From ") || bytes.substr(at).starts_with(">From ")) {
    const auto end = bytes.find('\n', at);
    if (end == std::string_view::npos) return at;
    at = end + 1;
  }
  return at;
}

Transfer transfer_of(GMimePart* part) {
  switch (g_mime_part_get_content_encoding(part)) {
    case GMIME_CONTENT_ENCODING_BASE64: return Transfer::base64;
    case GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE: return Transfer::quoted_printable;
    case GMIME_CONTENT_ENCODING_UUENCODE: return Transfer::uuencode;
    default: return Transfer::verbatim;
  }
}

GMimeContentEncoding gmime_encoding(Transfer transfer) {
  switch (transfer) {
    case Transfer::base64: return GMIME_CONTENT_ENCODING_BASE64;
    case Transfer::quoted_printable: return GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE;
    case Transfer::uuencode: return GMIME_CONTENT_ENCODING_UUENCODE;
    case Transfer::verbatim: break;
  }
  return GMIME_CONTENT_ENCODING_BINARY;
}

std::string undo(Transfer transfer, std::string_view raw) {
  GMimeEncoding state;
  g_mime_encoding_init_decode(&state, gmime_encoding(transfer));
  // A decoder never makes more than it reads, but for a few bytes of an unfinished group.
  const std::size_t in_size = std::min(raw.size(), kPartBytesMax * 2);
  std::string bytes(g_mime_encoding_outlen(&state, in_size) + 16, '\0');
  const std::size_t size = g_mime_encoding_step(&state, raw.data(), in_size, bytes.data());
  bytes.resize(std::min(size, kPartBytesMax));
  return bytes;
}

std::string type_of(GMimeObject* object) {
  GMimeContentType* type = g_mime_object_get_content_type(object);
  if (type == nullptr) return "text/plain";
  const char* media = g_mime_content_type_get_media_type(type);
  const char* subtype = g_mime_content_type_get_media_subtype(type);
  std::string name = media != nullptr ? media : "text";
  name += '/';
  name += subtype != nullptr ? subtype : "plain";
  return to_lower(make_valid_utf8(name));
}

struct Header {
  std::string_view name;  // owned by GMime
  GMimeHeader* header;
};

// Making a parser of GMime's costs as much as the headers of a mail: each thread keeps one.
GRef<GMimeMessage> parse_stream(GMimeStream* stream) {
  thread_local const GRef<GMimeParser> parser(g_mime_parser_new());
  thread_local const GRef<GMimeStream> nothing(g_mime_stream_mem_new());
  g_mime_parser_init_with_stream(parser.get(), stream);
  GRef<GMimeMessage> message(g_mime_parser_construct_message(parser.get(), nullptr));
  g_mime_parser_init_with_stream(parser.get(), nothing.get());  // lets go of the borrowed bytes
  return message;
}

}  // namespace

struct Message::Inside {
  std::string_view bytes;  // the report
  std::string with_lf;     // a copy, where line ends had to be changed
  GByteArray array{};      // what the stream reads: borrowed
  GRef<GMimeMessage> message;
  std::vector<Part> parts;
  std::vector<GMimeObject*> objects;                // beside `parts`; owned by `message`
  std::vector<std::optional<std::string>> decoded;  // beside `parts`
  std::vector<std::optional<Fields>> inner_fields;  // beside `parts`
  std::vector<Header> headers;                      // of the mail itself, in their order
  std::vector<std::string> warnings;

  void warn(std::string sentence) {
    if (warnings.size() < 20 && std::find(warnings.begin(), warnings.end(), sentence) == warnings.end())
      warnings.push_back(std::move(sentence));
  }
  [[nodiscard]] std::string_view parsed() const { return {reinterpret_cast<const char*>(array.data), array.len}; }
  [[nodiscard]] const Header* header(std::string_view name) const;
  void open();
  void walk(GMimeObject* object, std::size_t depth, bool inside_message, std::size_t end);
  void add_leaf(GMimePart* part, std::size_t depth, bool inside_message);
  void add_message(GMimeMessagePart* part, std::size_t depth, bool inside_message, std::size_t end);
  [[nodiscard]] std::size_t body_offset(GMimeObject* object) const;
  [[nodiscard]] std::size_t boundary_after(std::size_t from, const char* boundary, std::size_t end) const;
};

void Message::Inside::open() {
  static std::once_flag once;
  std::call_once(once, [] { g_mime_init(); });
  if (bytes.size() >= G_MAXUINT) {
    bytes = bytes.substr(0, G_MAXUINT - 1);
    warn("The mail is larger than 4 GiB: its end was not read");
  }
  std::string_view source = bytes;
  if (has_only_bare_cr(bytes)) {
    with_lf = with_line_feeds(bytes);
    source = with_lf;
    warn("Lines end by a bare CR");
  }
  array.data = reinterpret_cast<guint8*>(const_cast<char*>(source.data()));  // the stream is only read from
  array.len = static_cast<guint>(source.size());
  GRef<GMimeStream> stream(g_mime_stream_mem_new_with_byte_array(&array));
  g_mime_stream_mem_set_owner(GMIME_STREAM_MEM(stream.get()), FALSE);
  g_mime_stream_seek(stream.get(), static_cast<gint64>(first_header_offset(source)), GMIME_STREAM_SEEK_SET);
  message = parse_stream(stream.get());
  if (!message) return;
  GMimeHeaderList* list = g_mime_object_get_header_list(GMIME_OBJECT(message.get()));
  headers.reserve(static_cast<std::size_t>(g_mime_header_list_get_count(list)));
  for (int i = 0; i < g_mime_header_list_get_count(list); ++i) {
    GMimeHeader* header = g_mime_header_list_get_header_at(list, i);
    headers.push_back({g_mime_header_get_name(header), header});
  }
  if (GMimeObject* body = g_mime_message_get_mime_part(message.get())) walk(body, 0, false, source.size());
}

const Header* Message::Inside::header(std::string_view name) const {
  for (const Header& header : headers)
    if (equals_ignoring_case(header.name, name)) return &header;
  return nullptr;
}

// Where the body behind an object's own headers begins; the size of the report where nobody can tell.
std::size_t Message::Inside::body_offset(GMimeObject* object) const {
  GMimeHeaderList* list = g_mime_object_get_header_list(object);
  const int count = g_mime_header_list_get_count(list);
  if (count == 0) return parsed().size();
  const gint64 last = g_mime_header_get_offset(g_mime_header_list_get_header_at(list, count - 1));
  if (last < 0 || static_cast<std::size_t>(last) >= parsed().size()) return parsed().size();
  std::size_t at = static_cast<std::size_t>(last);
  while (at < parsed().size()) {
    const auto line_end = parsed().find('\n', at);
    if (line_end == std::string_view::npos) return parsed().size();
    at = line_end + 1;
    if (parsed().substr(at).starts_with("\r\n")) return at + 2;
    if (parsed().substr(at).starts_with("\n")) return at + 1;
  }
  return parsed().size();
}

// Where the content before the next line "--boundary" ends; the line end before that line belongs to the boundary.
std::size_t Message::Inside::boundary_after(std::size_t from, const char* boundary, std::size_t end) const {
  if (boundary == nullptr || *boundary == '\0' || from > end) return end;
  const std::string mark = std::string("\n--") + boundary;
  const std::string_view area = parsed().substr(0, end);
  const std::size_t begin = from > 0 ? from - 1 : 0;
  const void* hit = memmem(area.data() + begin, area.size() - begin, mark.data(), mark.size());
  const auto found =
      hit != nullptr ? static_cast<std::size_t>(static_cast<const char*>(hit) - area.data()) : std::string_view::npos;
  if (found == std::string_view::npos) return end;
  if (found < from) return from;
  return found > from && area[found - 1] == '\r' ? found - 1 : found;
}

void Message::Inside::walk(GMimeObject* object, std::size_t depth, bool inside_message, std::size_t end) {
  if (depth > kDepthMax) return warn(fmt::format("Nested deeper than {}: what lies deeper was not read", kDepthMax));
  if (parts.size() >= kPartsMax) return warn(fmt::format("More than {} parts: the rest was not read", kPartsMax));
  if (GMIME_IS_MULTIPART(object)) {
    auto* multipart = GMIME_MULTIPART(object);
    const char* boundary = g_mime_multipart_get_boundary(multipart);
    std::size_t from = std::min(body_offset(object), end);
    for (int i = 0; i < g_mime_multipart_get_count(multipart) && parts.size() < kPartsMax; ++i) {
      GMimeObject* child = g_mime_multipart_get_part(multipart, i);
      const bool needs_end = GMIME_IS_MESSAGE_PART(child) || GMIME_IS_MULTIPART(child);
      std::size_t child_end = end;
      if (needs_end) {
        const std::size_t begin = body_offset(child);
        child_end = boundary_after(begin < end ? begin : from, boundary, end);
        from = child_end;
      }
      walk(child, depth + 1, inside_message, child_end);
    }
  } else if (GMIME_IS_MESSAGE_PART(object)) {
    add_message(GMIME_MESSAGE_PART(object), depth, inside_message, end);
  } else if (GMIME_IS_PART(object)) {
    add_leaf(GMIME_PART(object), depth, inside_message);
  }
}

void Message::Inside::add_leaf(GMimePart* gmime, std::size_t depth, bool inside_message) {
  Part part;
  part.type = type_of(GMIME_OBJECT(gmime));
  part.depth = depth;
  part.inside_message = inside_message;
  if (const char* name = g_mime_part_get_filename(gmime)) part.name = make_valid_utf8(name);
  part.attached = g_mime_part_is_attachment(gmime) != FALSE;
  part.transfer = transfer_of(gmime);
  GMimeDataWrapper* wrapper = g_mime_part_get_content(gmime);
  GMimeStream* stream = wrapper != nullptr ? g_mime_data_wrapper_get_stream(wrapper) : nullptr;
  if (stream != nullptr && stream->bound_start >= 0) {
    const auto size = parsed().size();
    const auto begin = std::min(static_cast<std::size_t>(stream->bound_start), size);
    const auto finish = stream->bound_end < 0 ? size : std::min(static_cast<std::size_t>(stream->bound_end), size);
    if (finish >= begin) part.range = ByteRange{begin, finish - begin};
  }
  parts.push_back(std::move(part));
  objects.push_back(GMIME_OBJECT(gmime));
}

void Message::Inside::add_message(GMimeMessagePart* gmime, std::size_t depth, bool inside_message, std::size_t end) {
  Part part;
  part.type = "message/rfc822";
  part.depth = depth;
  part.inside_message = inside_message;
  std::size_t begin = body_offset(GMIME_OBJECT(gmime));
  GMimeMessage* inner = g_mime_message_part_get_message(gmime);
  if (inner != nullptr) {
    GMimeHeaderList* list = g_mime_object_get_header_list(GMIME_OBJECT(inner));
    const gint64 first = g_mime_header_list_get_count(list) > 0
                             ? g_mime_header_get_offset(g_mime_header_list_get_header_at(list, 0))
                             : -1;
    if (first >= 0) begin = static_cast<std::size_t>(first);
  }
  if (begin < end) part.range = ByteRange{begin, end - begin};
  parts.push_back(std::move(part));
  objects.push_back(GMIME_OBJECT(gmime));
  if (inner == nullptr) return;
  if (GMimeObject* body = g_mime_message_get_mime_part(inner)) walk(body, depth + 1, true, end);
}

Message::Message(std::unique_ptr<Inside> inside) : inside_{std::move(inside)} {}
Message::~Message() = default;
Message::Message(Message&&) noexcept = default;
Message& Message::operator=(Message&&) noexcept = default;

Message Message::parse(std::string_view bytes) {
  auto inside = std::make_unique<Inside>();
  inside->bytes = bytes;
  inside->open();
  inside->decoded.resize(inside->parts.size());
  inside->inner_fields.resize(inside->parts.size());
  return Message(std::move(inside));
}

namespace {
std::string decoded_value(GMimeHeader* header) {
  const char* raw = g_mime_header_get_raw_value(header);
  if (raw == nullptr) return {};
  std::string text = decode_header({raw, strnlen(raw, kHeaderBytesMax)});
  return text.size() <= kHeaderBytesMax ? text : shorten(text, kHeaderBytesMax);
}
}  // namespace

std::string Message::header(std::string_view name) const {
  const Header* header = inside_->header(name);
  return header != nullptr ? decoded_value(header->header) : std::string();
}

bool Message::has_header(std::string_view name) const { return inside_->header(name) != nullptr; }

std::vector<std::string> Message::headers(std::string_view name) const {
  std::vector<std::string> values;
  std::size_t bytes = 0;
  for (const Header& header : inside_->headers) {
    if (values.size() >= kHeadersOfOneNameMax || bytes >= kHeadersOfOneNameBytesMax) break;
    if (!equals_ignoring_case(header.name, name)) continue;
    values.push_back(decoded_value(header.header));
    bytes += values.back().size();
  }
  return values;
}

std::vector<Address> Message::addresses(std::string_view name) const {
  std::vector<Address> all;
  for (const std::string& value : headers(name))
    for (Address& address : parse_addresses(value))
      if (all.size() < kAddressesMax) all.push_back(std::move(address));
  return all;
}

std::size_t Message::header_count() const { return inside_->headers.size(); }

std::string Message::content_type_parameter(const char* name) const {
  if (!inside_->message) return {};
  GMimeObject* body = g_mime_message_get_mime_part(inside_->message.get());
  GMimeContentType* type = body != nullptr ? g_mime_object_get_content_type(body) : nullptr;
  const char* value = type != nullptr ? g_mime_content_type_get_parameter(type, name) : nullptr;
  return value != nullptr ? to_lower(make_valid_utf8(value)) : std::string();
}

const std::vector<Part>& Message::parts() const { return inside_->parts; }
const std::vector<std::string>& Message::warnings() const { return inside_->warnings; }

std::string Message::multipart_type() const {
  if (!inside_->message) return {};
  GMimeObject* body = g_mime_message_get_mime_part(inside_->message.get());
  return body != nullptr && GMIME_IS_MULTIPART(body) ? type_of(body) : std::string();
}

std::string_view Message::content(std::size_t index) const {
  const Part& part = inside_->parts[index];
  if (!part.range) return {};
  const std::string_view raw = inside_->bytes.substr(part.range->offset, part.range->length);
  const auto whole_or_warned = [&](std::string_view bytes) {
    if (bytes.size() == kPartBytesMax)
      inside_->warn(fmt::format("Part {} is larger than {} bytes: the rest was not read", index + 1, kPartBytesMax));
    return bytes;
  };
  if (part.transfer == Transfer::verbatim) return whole_or_warned(raw.substr(0, kPartBytesMax));
  auto& decoded = inside_->decoded[index];
  if (!decoded) decoded = undo(part.transfer, raw);
  return whole_or_warned(*decoded);
}

std::string Message::text(std::size_t index, std::size_t bytes_max) const {
  const Part& part = inside_->parts[index];
  std::string_view bytes = content(index);
  // Markup and wide charsets shrink: read more than is wanted, then cut.
  bytes = bytes.substr(0, std::min(bytes.size(), bytes_max * 4));
  const char* charset = g_mime_object_get_content_type_parameter(inside_->objects[index], "charset");
  Decoded decoded = decode_charset(bytes, charset != nullptr ? charset : "");
  if (!decoded.known)
    inside_->warn(fmt::format("The charset \"{}\" is not known here: read as windows-1252",
                              shorten(make_valid_utf8(charset), 40)));
  if (part.type == "text/html") return html_to_text(decoded.text, bytes_max);
  return decoded.text.size() <= bytes_max ? std::move(decoded.text) : shorten(decoded.text, bytes_max);
}

const Fields& Message::inner_headers(std::size_t index) const {
  auto& inner = inside_->inner_fields[index];
  if (inner) return *inner;
  std::string_view bytes = content(index);
  if (inside_->parts[index].transfer == Transfer::verbatim && !inside_->with_lf.empty() && inside_->parts[index].range)
    bytes = inside_->parsed().substr(inside_->parts[index].range->offset, inside_->parts[index].range->length);
  return inner.emplace(Fields::parse(bytes, true));
}

std::optional<std::size_t> Message::find(std::string_view type) const {
  for (std::size_t i = 0; i < inside_->parts.size(); ++i)
    if (!inside_->parts[i].inside_message && inside_->parts[i].type == type) return i;
  return std::nullopt;
}

}  // namespace abate::reading
