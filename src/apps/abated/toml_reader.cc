// SPDX-License-Identifier: Apache-2.0
#include "apps/abated/toml_reader.h"

#include <charconv>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "base/text.h"
#include "base/time.h"

namespace abate::apps {
namespace {

constexpr std::size_t kFileBytesMax = std::size_t{1} << 20;

std::string full_name(const std::string& section, std::string_view key) {
  return section.empty() ? std::string{key} : section + "." + std::string{key};
}

Result<std::size_t> parse_size(std::string_view text) {
  std::size_t count = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
  const std::string_view unit{end, static_cast<std::size_t>(text.data() + text.size() - end)};
  unsigned shift = 64;
  if (unit.empty()) shift = 0;
  if (unit == "K") shift = 10;
  if (unit == "M") shift = 20;
  if (unit == "G") shift = 30;
  if (error != std::errc{} || shift == 64 || count == 0 || count > (std::size_t{1} << 40 >> shift))
    return failure(Fault::malformed, "'{}' is no size; write it like 512K, 50M or 1G", escape_terminal(text));
  return count << shift;
}

}  // namespace

Result<std::string> read_file(const std::string& path) {
  std::error_code ignored;
  std::ifstream in{path, std::ios::binary};
  if (!in || std::filesystem::is_directory(path, ignored))  // a folder opens, and reads as an empty file
    return failure(Fault::not_found, "{}: cannot be opened; does it exist, and may this user read it?", path);
  std::ostringstream out;
  out << in.rdbuf();
  std::string text = std::move(out).str();
  if (text.size() > kFileBytesMax) return failure(Fault::too_big, "{}: larger than {} bytes", path, kFileBytesMax);
  return text;
}

Result<toml::table> parse_toml(std::string_view text, const std::string& path) {
  try {
    return toml::parse(text, path);
  } catch (const toml::parse_error& wrong) {
    return failure(Fault::malformed, "{}: line {}: {}", path, wrong.source().begin.line, wrong.description());
  }
}

Section::Section(const toml::table* table, std::string name, std::string path)
    : table_{table}, name_{std::move(name)}, path_{std::move(path)} {}

const toml::node* Section::find(std::string_view key) {
  keys_.emplace_back(key);
  return table_ == nullptr || error_ ? nullptr : table_->get(key);
}

void Section::wrong(const toml::node& at, std::string_view key, std::string_view what) {
  if (error_) return;
  error_ = Error{Fault::malformed,
                 fmt::format("{}: line {}: {}: {}", path_, at.source().begin.line, full_name(name_, key), what)};
}

std::string Section::absolute(std::string_view file) const {
  const std::filesystem::path named{file};
  if (named.is_absolute() || file.empty()) return std::string{file};
  return (std::filesystem::absolute(path_).parent_path() / named).lexically_normal().string();
}

const toml::table* Section::table(std::string_view key) {
  const toml::node* node = find(key);
  if (node == nullptr) return nullptr;
  if (!node->is_table()) wrong(*node, key, "a section is wanted, as in [" + full_name(name_, key) + "]");
  return node->as_table();
}

void Section::known(std::string_view key) { keys_.emplace_back(key); }

void Section::parsed(std::string_view key, const std::function<Result<void>(std::string_view)>& take) {
  const toml::node* node = find(key);
  if (node == nullptr) return;
  const toml::value<std::string>* text = node->as_string();
  if (text == nullptr) return wrong(*node, key, "a text in quotes is wanted");
  if (const Result<void> taken = take(text->get()); !taken) wrong(*node, key, taken.error().what);
}

void Section::parsed_list(std::string_view key, const std::function<Result<void>(std::string_view)>& take) {
  const toml::node* node = find(key);
  if (node == nullptr) return;
  const toml::array* list = node->as_array();
  if (list == nullptr) return wrong(*node, key, "a list of texts in brackets is wanted");
  for (const toml::node& item : *list) {
    const toml::value<std::string>* text = item.as_string();
    if (text == nullptr) return wrong(item, key, "each item must be a text in quotes");
    if (const Result<void> taken = take(text->get()); !taken) return wrong(item, key, taken.error().what);
  }
}

void Section::text(std::string_view key, std::string& out) {
  parsed(key, [&](std::string_view value) -> Result<void> {
    out = value;
    return {};
  });
}

void Section::file(std::string_view key, std::string& out) {
  parsed(key, [&](std::string_view value) -> Result<void> {
    out = absolute(value);
    return {};
  });
}

void Section::flag(std::string_view key, bool& out) {
  const toml::node* node = find(key);
  if (node == nullptr) return;
  if (const toml::value<bool>* value = node->as_boolean())
    out = value->get();
  else
    wrong(*node, key, "true or false is wanted");
}

void Section::count(std::string_view key, std::size_t& out, std::size_t most) {
  const toml::node* node = find(key);
  if (node == nullptr) return;
  const toml::value<std::int64_t>* value = node->as_integer();
  if (value == nullptr || value->get() < 0 || static_cast<std::uint64_t>(value->get()) > most)
    return wrong(*node, key, fmt::format("a whole number from 0 to {} is wanted", most));
  out = static_cast<std::size_t>(value->get());
}

void Section::size(std::string_view key, std::size_t& out_bytes) {
  parsed(key, [&](std::string_view value) -> Result<void> {
    TRY_ASSIGN(out_bytes, parse_size(value));
    return {};
  });
}

void Section::duration(std::string_view key, std::chrono::seconds& out) {
  parsed(key, [&](std::string_view value) -> Result<void> {
    TRY_ASSIGN(out, parse_duration(value));
    return {};
  });
}

void Section::texts(std::string_view key, std::vector<std::string>& out) {
  std::vector<std::string> taken;
  parsed_list(key, [&](std::string_view value) -> Result<void> {
    taken.emplace_back(value);
    return {};
  });
  if (table_ != nullptr && table_->contains(key)) out = std::move(taken);
}

void Section::files(std::string_view key, std::vector<std::string>& out) {
  texts(key, out);
  for (std::string& file : out) file = absolute(file);
}

void Section::prefixes(std::string_view key, std::vector<IpRange>& out) {
  parsed_list(key, [&](std::string_view value) -> Result<void> {
    TRY_ASSIGN(const IpRange range, parse_range(value));
    out.push_back(range);
    return {};
  });
}

Result<void> Section::finish() {
  if (error_) return std::unexpected(*error_);
  if (table_ == nullptr) return {};
  for (const auto& [key, node] : *table_) {
    const std::string name{key.str()};
    if (std::ranges::find(keys_, name) != keys_.end()) continue;
    const std::string near = nearest_word(name, keys_);
    return failure(Fault::malformed, "{}: line {}: there is no key '{}'{}", path_, key.source().begin.line,
                   full_name(name_, name),
                   near.empty() ? "; known are: " + join(keys_, ", ") : "; did you mean '" + near + "'?");
  }
  return {};
}

}  // namespace abate::apps
