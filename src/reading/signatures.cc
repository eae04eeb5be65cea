// SPDX-License-Identifier: Apache-2.0
#include "reading/signatures.h"

#include <algorithm>
#include <optional>

#include "base/hash.h"
#include "base/text.h"

namespace abate::reading {
namespace {

constexpr std::string_view kClearSigned = "-----BEGIN PGP SIGNED MESSAGE-----";
constexpr std::string_view kSignature = "-----BEGIN PGP SIGNATURE-----";
constexpr unsigned kSignatureTag = 2;
constexpr unsigned kIssuer = 16, kIssuerFingerprint = 33;

class Bytes {  // big-endian, as OpenPGP writes; past the end there is nothing
 public:
  explicit Bytes(std::string_view left) : left_{left} {}
  std::optional<unsigned> byte() {
    if (left_.empty()) return std::nullopt;
    const auto value = static_cast<unsigned char>(left_.front());
    left_.remove_prefix(1);
    return value;
  }
  std::optional<std::size_t> number(int size) {
    std::size_t value = 0;
    for (int i = 0; i < size; ++i) {
      const auto next = byte();
      if (!next) return std::nullopt;
      value = (value << 8) | *next;
    }
    return value;
  }
  std::string_view take(std::size_t size) {
    const std::string_view taken = left_.substr(0, size);
    left_.remove_prefix(taken.size());
    return taken;
  }

 private:
  std::string_view left_;
};

// One, two or five bytes (RFC 4880 sections 4.2.2 and 5.2.3.1).
std::optional<std::size_t> new_length(Bytes& bytes) {
  const auto first = bytes.byte();
  if (!first || *first < 192) return first;
  if (*first == 255) return bytes.number(4);
  const auto second = bytes.byte();
  return second ? std::optional<std::size_t>{(*first - 192) * 256 + *second + 192} : std::nullopt;
}

std::string key_in(std::string_view subpackets) {
  Bytes bytes{subpackets};
  for (auto length = new_length(bytes); length && *length > 0; length = new_length(bytes)) {
    const std::string_view body = bytes.take(*length);
    if (body.empty()) break;
    const unsigned type = static_cast<unsigned char>(body.front()) & 0x7fU;
    const std::string_view key = type == kIssuer              ? body.substr(1)
                                 : type == kIssuerFingerprint ? body.substr(std::min<std::size_t>(2, body.size()))
                                                              : std::string_view{};
    if (key.empty()) continue;
    std::string hex;
    for (const char c : key.substr(0, 32)) hex += fmt::format("{:02X}", static_cast<unsigned char>(c));
    return hex;
  }
  return {};
}

std::string issuer_of_packet(std::string_view packet) {
  Bytes bytes{packet};
  const auto head = bytes.byte();
  if (!head || (*head & 0x80U) == 0) return {};
  const bool is_new = (*head & 0x40U) != 0;
  const unsigned tag = is_new ? *head & 0x3fU : (*head >> 2) & 0x0fU;
  const auto length = is_new ? new_length(bytes) : bytes.number(1 << (*head & 0x03U));
  if (tag != kSignatureTag || !length) return {};
  const auto version = bytes.byte();
  if (!version || (*version != 4 && *version != 6)) return {};
  bytes.take(3);  // type and algorithms
  const int width = *version == 6 ? 4 : 2;
  for (int area = 0; area < 2; ++area) {  // hashed, then not hashed
    const auto size = bytes.number(width);
    if (!size) return {};
    if (std::string key = key_in(bytes.take(*size)); !key.empty()) return key;
  }
  return {};
}

std::string note(std::string_view kind, std::string_view by) {
  return by.empty()
             ? fmt::format("The mail bears a {} signature; it was not verified", kind)
             : fmt::format("The mail bears a {} signature that claims to be by {}; it was not verified", kind, by);
}

std::string pgp_note(std::string_view text) {
  const std::string key = issuer_of(text);
  return note("PGP", key.empty() ? "" : "the key " + key);
}

}  // namespace

std::string issuer_of(std::string_view armour) {
  const std::size_t begin = armour.find(kSignature);
  if (begin == armour.npos) return {};
  armour = armour.substr(begin + kSignature.size(), kArmourBytesMax);
  armour = armour.substr(0, armour.find("-----END"));
  std::string encoded;
  while (!armour.empty()) {
    const std::size_t end = armour.find('\n');
    const std::string_view line = trim(armour.substr(0, end));
    armour.remove_prefix(end == armour.npos ? armour.size() : end + 1);
    if (line.find(':') != line.npos) continue;  // "Version: ..."
    if (line.starts_with('=')) break;           // the check sum
    encoded += line;
  }
  const auto packet = base64_decode(encoded);
  return packet ? issuer_of_packet(*packet) : std::string{};
}

std::vector<std::string> signature_notes(const Input& input) {
  std::vector<std::string> notes;
  const Message* mail = input.message();
  if (mail == nullptr) {
    const std::string_view head = input.bytes().substr(0, kArmourBytesMax);
    if (head.find(kClearSigned) != head.npos) notes.push_back(pgp_note(input.bytes()));
    return notes;
  }
  for (std::size_t i = 0; i < mail->parts().size() && notes.size() < kSignaturesNotedMax; ++i) {
    const Part& part = mail->parts()[i];
    if (part.inside_message) continue;
    if (part.type == "application/pgp-signature") notes.push_back(pgp_note(mail->content(i)));
    if (part.type == "application/pkcs7-signature" || part.type == "application/x-pkcs7-signature" ||
        part.type == "application/pkcs7-mime" || part.type == "application/x-pkcs7-mime")
      notes.push_back(note("S/MIME", ""));
  }
  if (notes.empty() && input.facts().text.find(kClearSigned) != std::string::npos)
    notes.push_back(pgp_note(input.facts().text));
  return notes;
}

}  // namespace abate::reading
