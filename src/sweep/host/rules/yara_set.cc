// SPDX-License-Identifier: Apache-2.0
#include "sweep/host/rules/yara_set.h"

#include <algorithm>
#include <cstring>
#include <optional>

#include <yara.h>

#include "base/check.h"
#include "sweep/kit/tree.h"

namespace abate::sweep {
namespace {

constexpr const char* kExternals[] = {"filename", "filepath", "extension", "filetype", "owner"};
// The bytes of the whole file: `filesize` is of those that are looked at, and of a large file only the first are.
constexpr const char* kWholeSize = "whole_size";

struct Library {  // libyara's own tables; never taken down: scanners may live as long as the program
  Library() { CHECK(yr_initialize() == ERROR_SUCCESS); }
};

struct Compiler {
  YR_COMPILER* raw = nullptr;
  std::string error;
  Compiler() { CHECK(yr_compiler_create(&raw) == ERROR_SUCCESS); }
  ~Compiler() { yr_compiler_destroy(raw); }
  Compiler(const Compiler&) = delete;
  Compiler& operator=(const Compiler&) = delete;
};

void complain(int level, const char*, int line, const YR_RULE*, const char* message, void* data) {
  auto& error = *static_cast<std::string*>(data);
  if (level == YARA_ERROR_LEVEL_ERROR && error.empty()) error = fmt::format("line {}: {}", line, message);
}

Severity severity_of(std::string_view word) {
  for (const Severity one : {Severity::note, Severity::weak, Severity::suspicious, Severity::malicious})
    if (severity_name(one) == word) return one;
  return Severity::suspicious;
}

void take_meta(const YR_META& meta, RuleHit& hit) {
  if (meta.type != META_TYPE_STRING) return;
  const std::string_view key = meta.identifier, value = meta.string;
  if (key == "description") hit.says = value;
  if (key == "false_positives") hit.false_positives = value;
  if (key == "role") hit.role = value;
  if (key == "severity") hit.severity = severity_of(value);
  if (key == "area") hit.area = parse_area(value).value_or(Area::malware);
}

// libyara packs its matches closer than their type may lie: what is read is a copy.
std::optional<YR_MATCH> first_match(const YR_SCAN_CONTEXT& context, const YR_STRING& string) {
  for (const void* at = context.matches[string.idx].head; at != nullptr;) {
    YR_MATCH match;
    std::memcpy(&match, at, sizeof match);
    if (!match.is_private) return match;
    at = match.next;
  }
  return std::nullopt;
}

int take_rule(YR_SCAN_CONTEXT* context, int message, void* data, void* user) {
  if (message != CALLBACK_MSG_RULE_MATCHING) return CALLBACK_CONTINUE;
  auto* rule = static_cast<YR_RULE*>(data);
  RuleHit& hit = static_cast<std::vector<RuleHit>*>(user)->emplace_back();
  hit.rule = rule->identifier;
  const YR_META* meta = nullptr;
  yr_rule_metas_foreach(rule, meta) take_meta(*meta, hit);
  YR_STRING* string = nullptr;
  yr_rule_strings_foreach(rule, string) {
    if (hit.spots.size() >= RuleHit::kSpotsMax) break;
    const std::optional<YR_MATCH> match = first_match(*context, *string);
    if (!match) continue;
    const auto length = std::min<std::size_t>(static_cast<std::size_t>(match->data_length), RuleHit::kSpotBytesMax);
    hit.spots.push_back({static_cast<std::uint64_t>(match->base + match->offset),
                         std::string{reinterpret_cast<const char*>(match->data), length}});
  }
  if (hit.says.empty()) hit.says = fmt::format("It matches the rule {}", hit.rule);
  return CALLBACK_CONTINUE;
}

}  // namespace

Result<std::unique_ptr<YaraSet>> YaraSet::compile(const std::vector<YaraText>& texts) {
  static const Library library;
  Compiler compiler;
  yr_compiler_set_callback(compiler.raw, complain, &compiler.error);
  yr_compiler_set_include_callback(compiler.raw, nullptr, nullptr, nullptr);
  for (const char* name : kExternals) yr_compiler_define_string_variable(compiler.raw, name, "");
  yr_compiler_define_integer_variable(compiler.raw, kWholeSize, 0);
  for (const YaraText& one : texts)
    if (yr_compiler_add_string(compiler.raw, one.text.c_str(), one.space.c_str()) != 0)
      return failure(Fault::malformed, "{}: {}", one.space, compiler.error);
  YR_RULES* rules = nullptr;
  if (yr_compiler_get_rules(compiler.raw, &rules) != ERROR_SUCCESS)
    return failure(Fault::unavailable, "the rules do not fit in memory");
  return std::unique_ptr<YaraSet>{new YaraSet{rules}};
}

YaraSet::~YaraSet() { yr_rules_destroy(rules_); }

std::vector<YaraSet::RuleNames> YaraSet::names() const {
  std::vector<RuleNames> all;
  YR_RULE* rule = nullptr;
  yr_rules_foreach(rules_, rule) {
    RuleNames& names = all.emplace_back();
    names.rule = rule->identifier;
    YR_STRING* string = nullptr;
    yr_rule_strings_foreach(rule, string) if (string->chained_to == nullptr)
        names.strings.emplace_back(string->identifier);
  }
  return all;
}

YaraSet::Scanner::Scanner(const YaraSet& of) {
  CHECK(yr_scanner_create(of.rules_, &scanner_) == ERROR_SUCCESS);
  yr_scanner_set_timeout(scanner_, kScanSecondsMax);
  // Fast mode stops looking for a string that was seen once where its rule asks no more: the rules that match are the
  // same.
  yr_scanner_set_flags(scanner_, SCAN_FLAGS_FAST_MODE | SCAN_FLAGS_REPORT_RULES_MATCHING);
}

YaraSet::Scanner::~Scanner() { yr_scanner_destroy(scanner_); }

bool YaraSet::Scanner::scan(const RuleInput& input, std::vector<RuleHit>& hits) {
  const std::string path{input.path}, name{file_name(input.path)}, suffix{suffix_of(input.path)};
  yr_scanner_define_string_variable(scanner_, "filepath", path.c_str());
  yr_scanner_define_string_variable(scanner_, "filename", name.c_str());
  yr_scanner_define_string_variable(scanner_, "extension", suffix.c_str());
  yr_scanner_define_integer_variable(scanner_, kWholeSize, static_cast<std::int64_t>(input.size));
  yr_scanner_set_callback(scanner_, take_rule, &hits);
  return yr_scanner_scan_mem(scanner_, reinterpret_cast<const uint8_t*>(input.bytes.data()), input.bytes.size()) ==
         ERROR_SUCCESS;
}

}  // namespace abate::sweep
