// SPDX-License-Identifier: Apache-2.0
#include "sweep/host/rules/clamav.h"

#include <algorithm>
#include <charconv>
#include <fstream>

#include <openssl/evp.h>

#include "base/hash.h"
#include "base/text.h"

namespace abate::sweep {
namespace {

constexpr unsigned kOffsetBits = 48;  // of HashRecord::where; the file's number is above

std::optional<std::uint64_t> number(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

// {n-m} and * as YARA's jumps, so that one reading serves both.
Result<std::string> as_yara_hex(std::string_view hex) {
  std::string text;
  for (std::size_t at = 0; at < hex.size(); ++at) {
    const char c = hex[at];
    if (c == '*') {
      text += "[-]";
    } else if (c == '{') {
      const std::size_t end = hex.find('}', at);
      if (end == std::string_view::npos) return failure(Fault::malformed, "a jump does not end");
      std::string jump{hex.substr(at + 1, end - at - 1)};
      if (jump.starts_with('-')) jump.insert(0, "0");
      text += fmt::format("[{}]", jump);
      at = end;
    } else if (c == '!' || c == '[' || c == ']') {
      return failure(Fault::malformed, "a form that is not known");
    } else {
      text += c;
    }
  }
  return text;
}

bool is_target(unsigned target, std::string_view bytes) {
  switch (target) {
    case 0: return true;
    case 1: return bytes.starts_with("MZ");
    case 2: return bytes.starts_with("\xd0\xcf\x11\xe0");
    case 3: return bytes.find('<') != std::string_view::npos && bytes.find('\0') == std::string_view::npos;
    case 6:
      return bytes.starts_with(
          "\x7f"
          "ELF");
    case 7: return bytes.find('\0') == std::string_view::npos;
    case 10: return bytes.starts_with("%PDF");
    default: return false;
  }
}

std::array<std::uint8_t, 16> digest_of(const EVP_MD* kind, std::string_view bytes) {
  std::array<std::uint8_t, EVP_MAX_MD_SIZE> whole{};
  EVP_Digest(bytes.data(), bytes.size(), whole.data(), nullptr, kind, nullptr);
  std::array<std::uint8_t, 16> begin{};
  std::copy_n(whole.begin(), begin.size(), begin.begin());
  return begin;
}

Severity severity_of(std::string_view name) {
  return name.starts_with("PUA.") || name.starts_with("Heuristics.") ? Severity::suspicious : Severity::malicious;
}

}  // namespace

Result<HashLine> parse_hash_line(std::string_view line) {
  const std::vector<std::string_view> cells = split(trim(line), ':');
  if (cells.size() < 3 || cells[2].empty()) return failure(Fault::malformed, "digest:size:name is expected");
  HashLine hash;
  const std::size_t digits = cells[0].size();
  if (digits != 32 && digits != 40 && digits != 64) return failure(Fault::malformed, "no digest");
  hash.kind = digits == 32 ? HashLine::Kind::md5 : digits == 40 ? HashLine::Kind::sha1 : HashLine::Kind::sha256;
  TRY_ASSIGN(const std::string digest, from_hex(cells[0]));
  std::copy_n(digest.begin(), hash.digest.size(), hash.digest.begin());
  if (cells[1] != "*") {
    const auto size = number(cells[1]);
    if (!size) return failure(Fault::malformed, "no size");
    hash.size = *size;
  }
  hash.name = cells[2];
  return hash;
}

Result<HexLine> parse_hex_line(std::string_view line) {
  const std::vector<std::string_view> cells = split(trim(line), ':');
  if (cells.size() < 4 || cells[0].empty()) return failure(Fault::malformed, "name:target:offset:hex is expected");
  HexLine hex;
  hex.name = cells[0];
  const auto target = number(cells[1]);
  if (!target || *target > 12) return failure(Fault::malformed, "no target");
  hex.target = static_cast<unsigned>(*target);
  std::string_view offset = cells[2];
  if (const std::size_t comma = offset.find(','); comma != std::string_view::npos) {
    const auto shift = number(offset.substr(comma + 1));
    if (!shift) return failure(Fault::malformed, "no shift");
    hex.shift = *shift;
    offset = offset.substr(0, comma);
  }
  if (offset != "*") {
    hex.from = offset.starts_with("EOF-") ? HexLine::From::end : HexLine::From::begin;
    const auto value = number(hex.from == HexLine::From::end ? offset.substr(4) : offset);
    if (!value) return failure(Fault::malformed, "an offset that is not known");
    hex.offset = *value;
  }
  TRY_ASSIGN(const std::string yara, as_yara_hex(cells[3]));
  std::optional<Pattern> pattern = hex_pattern(yara);
  if (!pattern || pattern->score < 2) return failure(Fault::malformed, "no pattern that can be looked for");
  hex.pattern = std::move(*pattern);
  hex.pattern.ignores_case = hex.target == 3 || hex.target == 7;
  return hex;
}

Result<void> ClamSignatures::add_hashes(const std::string& file) {
  std::ifstream in{file, std::ios::binary};
  if (!in) return failure(Fault::unavailable, "{}: cannot be read", file);
  const std::uint64_t number_of_file = hash_files_.size();
  hash_files_.push_back(file);
  std::uint64_t offset = 0;
  for (std::string line; std::getline(in, line);) {
    const std::uint64_t where = number_of_file << kOffsetBits | offset;
    offset += line.size() + 1;
    if (trim(line).empty() || line.starts_with('#')) continue;
    const Result<HashLine> hash = parse_hash_line(line);
    if (!hash) {
      ++left_out_;
      continue;
    }
    has_sha1_ |= hash->kind == HashLine::Kind::sha1;
    has_sha256_ |= hash->kind == HashLine::Kind::sha256;
    TRY(hashes_.add({hash->digest, hash->size, where}));
  }
  return {};
}

Result<void> ClamSignatures::add_patterns(std::string_view text) {
  for (const std::string_view line : split(text, '\n')) {
    if (trim(line).empty() || line.starts_with('#')) continue;
    Result<HexLine> hex = parse_hex_line(line);
    if (hex && patterns_.size() < kHexLinesMax)
      patterns_.push_back(std::move(*hex));
    else
      ++left_out_;
  }
  return {};
}

Result<void> ClamSignatures::finish() {
  std::vector<Pattern> all;
  for (const HexLine& one : patterns_) all.push_back(one.pattern);
  std::vector<std::size_t> refused;
  if (!all.empty()) expressions_ = std::make_unique<Expressions>(all, refused);
  left_out_ += refused.size();
  return hashes_.finish();
}

void ClamSignatures::match(HashLine::Kind kind, const RuleInput& input, std::vector<RuleHit>& hits) const {
  std::array<std::uint8_t, 16> digest{};
  const std::string_view md5 = kind == HashLine::Kind::md5 && input.md5 ? input.md5() : std::string_view{};
  if (!md5.empty()) {
    const Result<std::string> bytes = from_hex(md5);
    if (!bytes || bytes->size() != digest.size()) return;
    std::copy_n(bytes->begin(), digest.size(), digest.begin());
  } else {
    if (input.bytes.size() != input.size) return;  // only its beginning is here
    digest = digest_of(kind == HashLine::Kind::md5    ? EVP_md5()
                       : kind == HashLine::Kind::sha1 ? EVP_sha1()
                                                      : EVP_sha256(),
                       input.bytes);
  }
  const std::optional<HashRecord> found = hashes_.find(digest, input.size);
  if (!found) return;
  RuleHit& hit = hits.emplace_back();
  hit.rule = "ClamAV";
  std::ifstream in{hash_files_[found->where >> kOffsetBits], std::ios::binary};
  in.seekg(static_cast<std::streamoff>(found->where & ((std::uint64_t{1} << kOffsetBits) - 1)));
  std::string line;
  std::getline(in, line);
  if (const Result<HashLine> again = parse_hash_line(line)) hit.rule = again->name;
  hit.says = "The whole file is known malware by its hash";
  hit.severity = severity_of(hit.rule);
}

void ClamSignatures::scan(const RuleInput& input, std::vector<RuleHit>& hits) const {
  if (hashes_.count() > 0) {
    match(HashLine::Kind::md5, input, hits);
    if (has_sha1_) match(HashLine::Kind::sha1, input, hits);
    if (has_sha256_) match(HashLine::Kind::sha256, input, hits);
  }
  if (!expressions_) return;
  Expressions::Scratch scratch{*expressions_};
  for (const std::uint32_t id : expressions_->scan(input.bytes, scratch)) {
    const HexLine& line = patterns_[id];
    if (!is_target(line.target, input.bytes)) continue;
    if (line.from != HexLine::From::anywhere) {
      if (line.from == HexLine::From::end && input.bytes.size() != input.size) continue;
      const std::uint64_t begin = line.from == HexLine::From::begin ? line.offset
                                  : line.offset <= input.size       ? input.size - line.offset
                                                                    : input.size;
      if (!expressions_->matches_at(line.pattern, input.bytes, begin, line.shift)) continue;
    }
    RuleHit& hit = hits.emplace_back();
    hit.rule = line.name;
    hit.says = "The content matches a ClamAV signature";
    hit.severity = severity_of(line.name);
  }
}

}  // namespace abate::sweep
