// SPDX-License-Identifier: Apache-2.0
// sweep/host/gather.h — collects what detectors find: fills in what the detector did not say, merges doubles, bounds,
// and drops what is said of known files.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "sweep/host/look.h"

namespace abate::sweep {

class Gather final : public Findings {
 public:
  Finding& add(Subject subject, std::string why) override;
  // A finding that says all itself already, whoever found it.
  void add_whole(Finding finding);

  // Whose findings come next, and what they are filled with.
  void of(const Detector& detector);
  void of_file(const FileView* file) { file_ = file; }

  // How many were added until now, those beyond a limit too, those about known files not.
  [[nodiscard]] std::uint64_t added() const { return added_; }

  // Merged and ordered; tells notes what was left out.
  std::vector<Finding> take(Notes& notes);

 private:
  void finish_last();
  void say_container(const FileView& file);
  static bool is_kept_to_read(const FileView& file);

  const Detector* detector_ = nullptr;
  const FileView* file_ = nullptr;
  std::vector<Finding> all_;
  std::map<std::string, std::size_t, std::less<>> by_id_;
  std::map<std::string_view, std::size_t> counts_;
  std::map<std::string_view, std::size_t> left_out_;
  std::string where_;   // of the finding that is being written: the container that it lies in
  bool bound_ = false;  // and whether it is for a person to judge only
  Finding spare_;       // where findings go that are dropped
  std::uint64_t added_ = 0;
  bool open_ = false;
};

}  // namespace abate::sweep
