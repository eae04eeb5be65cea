// SPDX-License-Identifier: Apache-2.0
// sweep/host/rules/clamav.h — ClamAV's signatures: hashes (.hdb .hsb) and hex patterns (.ndb).
//
// Source: ClamAV's "Creating signatures" manual. Hashes: "digest:size:name", size perhaps `*`. Patterns:
// "name:target:offset:hex": targets 0 any, 1 PE, 2 OLE2, 3 HTML, 6 ELF, 7 text, 10 PDF; offsets `*`, N, `EOF-N` and
// `N,shift`. Hex with ?? ?a * {n-m} (aa|bb). Lines with what we do not know (entry points, sections, !negations) are
// counted and left out. HTML and text are matched without regard to case instead of being normalised.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "sweep/host/rules/hash_list.h"
#include "sweep/host/rules/prefilter.h"
#include "sweep/kit/content_rules.h"

namespace abate::sweep {

struct HashLine {
  std::array<std::uint8_t, 16> digest{};
  enum class Kind : std::uint8_t { md5, sha1, sha256 } kind = Kind::md5;
  std::uint64_t size = HashRecord::kAnySize;
  std::string_view name;
};
Result<HashLine> parse_hash_line(std::string_view line);

struct HexLine {
  std::string name;
  unsigned target = 0;
  enum class From : std::uint8_t { anywhere, begin, end } from = From::anywhere;
  std::uint64_t offset = 0;
  std::uint64_t shift = 0;
  Pattern pattern;
};
Result<HexLine> parse_hex_line(std::string_view line);

class ClamSignatures {
 public:
  explicit ClamSignatures(const std::string& work_folder) : hashes_{work_folder} {}

  // Lines that are not understood are counted in left_out().
  Result<void> add_hashes(const std::string& file);
  Result<void> add_patterns(std::string_view text);
  Result<void> finish();

  void scan(const RuleInput& input, std::vector<RuleHit>& hits) const;
  [[nodiscard]] std::size_t left_out() const { return left_out_; }
  [[nodiscard]] std::size_t count() const { return hashes_.count() + patterns_.size(); }

 private:
  void match(HashLine::Kind kind, const RuleInput& input, std::vector<RuleHit>& hits) const;

  HashList hashes_;
  std::vector<std::string> hash_files_;  // where the names are read from again
  bool has_sha1_ = false, has_sha256_ = false;
  std::vector<HexLine> patterns_;
  std::unique_ptr<Expressions> expressions_;
  std::size_t left_out_ = 0;
};

constexpr std::size_t kHexLinesMax = 50'000;

}  // namespace abate::sweep
