// SPDX-License-Identifier: Apache-2.0
// diagnosis/story.h — one explanation of the harm. Each file in diagnosis/stories tells one kind; the best told wins.
//
// A story is judged by what it can show: `weight` counts grounds (a lead of the ticket answered, the same client at
// both ends, times in the right order), not how frightening a finding is. Pure.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "diagnosis/trail.h"
#include "model/diagnosis.h"
#include "model/finding.h"

namespace abate::diagnosis {

struct Scene {  // all that a story may use
  const sweep::Host& host;
  const std::vector<Finding>& findings;
  const Trail& trail;

  [[nodiscard]] const Case& ticket() const { return host.ticket; }
  [[nodiscard]] std::vector<const Finding*> of(std::string_view detector) const;
  [[nodiscard]] std::vector<const Finding*> with_role(std::string_view role) const;
  // Malicious files beneath a docroot, earliest first.
  [[nodiscard]] std::vector<const Finding*> web_files() const;
  // Autostarts that are malicious or suspicious and name a bad file, or belong to the account.
  [[nodiscard]] std::vector<const Finding*> persistence() const;
  // Has this client also been here as the owner: log-ins on several days, long before?
  [[nodiscard]] bool is_familiar(const IpAddress& client, Instant before) const;
};

struct Story {
  EntryKind kind = EntryKind::unknown;
  double weight = 0;  // 0..1
  WayIn entry;
  std::vector<CauseStep> cause;
  std::vector<std::string> grounds;
  std::vector<std::string> intruders;
  Finding made;  // where the entry is no finding yet (an endpoint in a log): one made for it; id empty otherwise
};

using Teller = void (*)(const Scene& scene, std::vector<Story>& stories);
// All of diagnosis/stories. Made by CMake.
struct StoryKind {
  std::string_view name;
  std::string_view explain;
  Teller tell;
};
std::span<const StoryKind* const> stories();

CauseStep step_of(Step step, const Finding& finding);
// What brings the rest back: an autostart, a key, an account.
bool comes_back(const Finding& finding);
// Does it do what the report complains of: by a lead that it answers, or by what it is for?
bool does_harm(const Finding& finding, Category category);
// Of what was left behind, what does the harm: a lead answered before a fitting role, what runs before what brings it
// back, malicious before suspicious. Null for none.
const Finding* harm_among(std::span<const Finding* const> findings, Category category);
// Entry first, harm last, by time within a step; each finding once.
void order(std::vector<CauseStep>& cause);

}  // namespace abate::diagnosis
