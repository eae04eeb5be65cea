// SPDX-License-Identifier: Apache-2.0
#include "sweep/host/gather.h"

#include <algorithm>

#include "base/hash.h"
#include "base/text.h"
#include "sweep/host/code/places.h"

namespace abate::sweep {

void Gather::of(const Detector& detector) {
  finish_last();
  detector_ = &detector;
}

Finding& Gather::add(Subject subject, std::string why) {
  finish_last();
  if (file_ != nullptr && detector_->wants == nullptr && file_->facts.known()) {  // dear to know: asked only here
    spare_ = {};
    return spare_;
  }
  ++added_;
  if (all_.size() >= kFindingsMax || counts_[detector_->id] >= kFindingsOfOneDetectorMax) {
    ++left_out_[detector_->id];
    spare_ = {};
    return spare_;
  }
  ++counts_[detector_->id];
  Finding& finding = all_.emplace_back();
  open_ = true;
  finding.detector = detector_->id;
  finding.area = detector_->area;
  finding.severity = detector_->severity;
  finding.subject = std::move(subject);
  finding.why = std::move(why);
  where_.clear();
  bound_ = false;
  if (file_ != nullptr) {
    say_container(*file_);
    bound_ |= is_kept_to_read(*file_);
    finding.uid = file_->stat.uid;
    finding.at = file_->stat.modified;
    if (finding.subject.sha256.empty() && file_->bytes.size() == file_->stat.size && !file_->bytes.empty())
      finding.subject.sha256 = sha256_hex(file_->bytes);
  }
  return finding;
}

void Gather::add_whole(Finding finding) {
  finish_last();
  ++added_;
  if (all_.size() >= kFindingsMax) {
    ++left_out_["archives"];
    return;
  }
  all_.push_back(std::move(finding));
  open_ = true;
  finish_last();
}

// Code under a name that nothing runs, kept where no web server hands it out and not everybody writes: a scanner's test
// files, notes of a lecture. A person looks.
bool Gather::is_kept_to_read(const FileView& file) {
  constexpr std::string_view kTexts[] = {".txt", ".sample", ".example", ".diff", ".patch", ".md"};
  return std::ranges::find(kTexts, to_lower(suffix_of(file.path))) != std::end(kTexts) &&
         (file.stat.mode & 0111) == 0 && file.site == nullptr && !is_open_place(file.path) &&
         !file.host.is_web_user(file.stat.uid);
}

// What lies in an image's own layers came with the image: somebody chose it, and nothing there was put by a stranger
// who broke in. That is for a person to judge.
void Gather::say_container(const FileView& file) {
  if (path_in_container(file.path).size() == file.path.size()) return;
  const Container* container = file.host.container_of(file.path);
  bound_ = container == nullptr;
  where_ = bound_ ? std::string{"in an image of containers"}
                  : fmt::format("in the container {}", shown_name(container->name));
}

// A finding is whole only when the next begins: its detector writes into it until then.
void Gather::finish_last() {
  if (!open_) return;
  open_ = false;
  Finding& last = all_.back();
  if (!where_.empty()) last.why += fmt::format(" ({})", std::exchange(where_, {}));
  if (std::exchange(bound_, false)) last.severity = std::min(last.severity, Severity::suspicious);
  if (last.evidence.size() > Finding::kEvidenceMax) last.evidence.resize(Finding::kEvidenceMax);
  for (std::string& text : last.evidence)
    if (text.size() > Finding::kEvidenceBytesMax) text.resize(Finding::kEvidenceBytesMax);
  last.id = finding_id(last.detector, last.subject);
  const auto [known, is_new] = by_id_.emplace(last.id, all_.size() - 1);
  if (is_new) return;
  Finding& first = all_[known->second];  // the worse one stays; its evidence is joined
  std::vector<std::string> evidence = std::move(first.evidence);
  for (std::string& text : last.evidence)
    if (evidence.size() < Finding::kEvidenceMax && std::ranges::find(evidence, text) == evidence.end())
      evidence.push_back(std::move(text));
  if (last.severity > first.severity) first = std::move(last);
  first.evidence = std::move(evidence);
  all_.pop_back();
}

std::vector<Finding> Gather::take(Notes& notes) {
  finish_last();
  for (const auto& [id, count] : left_out_)
    notes.add(fmt::format("{} more findings of {}", count, id), "only the first are listed");
  std::ranges::stable_sort(all_, [](const Finding& a, const Finding& b) {
    if (a.severity != b.severity) return a.severity > b.severity;
    if (a.area != b.area) return a.area < b.area;
    return a.subject.path < b.subject.path;
  });
  return std::move(all_);
}

}  // namespace abate::sweep
