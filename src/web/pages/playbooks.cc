// SPDX-License-Identifier: Apache-2.0
#include "web/pages/playbooks.h"

#include <filesystem>
#include <fstream>
#include <span>

#include "base/check.h"
#include "base/embedded.h"
#include "base/text.h"

namespace abate::web {

std::span<const EmbeddedFile> embedded_playbooks();  // made by cmake/WebAssets.cmake

namespace {

constexpr std::string_view kSuffix = ".md";
constexpr std::string_view kTitle = "# ";

std::string_view last_part(std::string_view type) { return type.substr(type.rfind('/') + 1); }

}  // namespace

Playbooks Playbooks::built_in() {
  Playbooks books;
  for (const EmbeddedFile& file : embedded_playbooks()) CHECK(books.add(file.name, file.bytes));
  return books;
}

Result<Playbooks> Playbooks::of_folder(const std::string& folder) {
  Playbooks books = built_in();
  if (folder.empty()) return books;
  std::error_code error;
  for (std::filesystem::directory_iterator at{folder, error}, end; !error && at != end; at.increment(error)) {
    const std::filesystem::path& path = at->path();
    if (path.extension() != kSuffix) continue;
    std::ifstream file{path, std::ios::binary};
    std::string bytes(kPlaybookBytesMax + 1, '\0');
    file.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    bytes.resize(static_cast<std::size_t>(std::max<std::streamsize>(file.gcount(), 0)));
    if (const Result<void> added = books.add(path.filename().string(), bytes); !added)
      return failure(added.error().fault, "{}: {}", path.string(), added.error().what);
  }
  if (error) return failure(Fault::not_found, "{}: {}", folder, error.message());
  return books;
}

Result<void> Playbooks::add(std::string_view file_name, std::string_view bytes) {
  const std::string_view name = file_name.substr(0, file_name.size() - std::min(file_name.size(), kSuffix.size()));
  if (!file_name.ends_with(kSuffix) || !parse_category(name.substr(0, name.find('.'))))
    return failure(Fault::malformed, "a playbook is named after a category: spam.md, other.login_attack.md");
  if (bytes.size() > kPlaybookBytesMax)
    return failure(Fault::malformed, "a playbook has at most {} bytes", kPlaybookBytesMax);
  const std::string_view first = bytes.substr(0, bytes.find('\n'));
  const std::string_view text = trim(bytes.substr(std::min(bytes.size(), first.size() + 1)));
  if (!first.starts_with(kTitle) || trim(first.substr(kTitle.size())).empty() || text.empty() || !is_valid_utf8(bytes))
    return failure(Fault::malformed, "a playbook begins with a line '# Title' and goes on with the text, in UTF-8");
  all_.insert_or_assign(std::string{name}, Playbook{std::string{trim(first.substr(kTitle.size()))}, std::string{text}});
  return {};
}

const Playbook& Playbooks::of(Category category, const std::vector<std::string>& types) const {
  const std::string name{category_name(category)};
  for (const std::string& type : types)
    if (const auto found = all_.find(fmt::format("{}.{}", name, last_part(type))); found != all_.end())
      return found->second;
  const auto found = all_.find(name);
  CHECK(found != all_.end());  // each category has one built in
  return found->second;
}

}  // namespace abate::web
