// SPDX-License-Identifier: Apache-2.0
#include <filesystem>
#include <fstream>
#include <iterator>

#include <malloc.h>

#include "base/text.h"
#include "sweep/host/rules/clamav.h"
#include "sweep/host/rules/rule_set.h"
#include "sweep/kit/tree.h"

namespace abate::sweep {
namespace {

class LoadedRules final : public ContentRules {  // YARA rules and ClamAV's signatures together
 public:
  LoadedRules(const std::vector<RuleFile>& files, std::unique_ptr<ClamSignatures> clam, std::string signatures,
              Notes& notes)
      : yara_{files, notes}, clam_{std::move(clam)}, signatures_{std::move(signatures)} {}

  [[nodiscard]] std::vector<RuleHit> scan(const RuleInput& input) const override {
    std::vector<RuleHit> hits = yara_.scan(input);
    clam_->scan(input, hits);
    std::ranges::stable_sort(hits, [](const RuleHit& a, const RuleHit& b) { return a.severity > b.severity; });
    return hits;
  }
  [[nodiscard]] std::string identity() const override { return yara_.identity() + signatures_; }

 private:
  RuleSet yara_;
  std::unique_ptr<ClamSignatures> clam_;
  std::string signatures_;
};

Result<std::string> text_of(const std::filesystem::path& path) {
  std::error_code error;
  if (std::filesystem::file_size(path, error) > kRuleFileBytesMax || error)
    return failure(Fault::too_big, "larger than {} bytes, or unreadable", kRuleFileBytesMax);
  std::ifstream in{path, std::ios::binary};
  if (!in) return failure(Fault::unavailable, "cannot be read");
  return std::string{std::istreambuf_iterator<char>{in}, {}};
}

}  // namespace

Result<std::unique_ptr<ContentRules>> load_rules(const std::string& folder, const std::string& work_folder,
                                                 Notes& notes) {
  std::error_code error;
  std::vector<std::filesystem::path> paths;
  for (const auto& entry : std::filesystem::recursive_directory_iterator{folder, error})
    if (entry.is_regular_file(error) && paths.size() < kRuleFilesMax) paths.push_back(entry.path());
  if (error) return failure(Fault::not_found, "--rules {}: {}", folder, error.message());
  std::ranges::sort(paths);
  std::vector<RuleFile> files = own_rule_files();
  auto clam = std::make_unique<ClamSignatures>(work_folder);
  std::string signatures;  // large files are told apart by name, size and time, not by reading them once more
  for (const std::filesystem::path& path : paths) {
    signatures += fmt::format("\n{} {} {}", path.string(), std::filesystem::file_size(path, error),
                              std::filesystem::last_write_time(path, error).time_since_epoch().count());
    const std::string suffix = to_lower(path.extension().string());
    Result<void> taken;
    if (suffix == ".hdb" || suffix == ".hsb") {
      taken = clam->add_hashes(path.string());
    } else if (suffix == ".yar" || suffix == ".yara" || suffix == ".ndb") {
      Result<std::string> text = text_of(path);
      if (!text)
        taken = std::unexpected(text.error());
      else if (suffix == ".ndb")
        taken = clam->add_patterns(*text);
      else
        files.push_back({path.string(), std::move(*text)});
    }
    if (!taken) notes.add(path.string(), taken.error().what);
  }
  TRY(clam->finish());
  if (clam->left_out() > 0)
    notes.add(fmt::format("{} signatures of ClamAV", clam->left_out()), "their form is not understood");
  auto rules = std::make_unique<LoadedRules>(files, std::move(clam), std::move(signatures), notes);
  ::malloc_trim(0);
  return rules;
}

}  // namespace abate::sweep
