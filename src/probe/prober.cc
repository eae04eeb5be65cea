// SPDX-License-Identifier: Apache-2.0
#include "probe/prober.h"

#include <algorithm>

#include "base/text.h"

namespace abate::probe {
namespace {

class KindsProber final : public desk::Prober {
 public:
  explicit KindsProber(Means means) : means_{std::move(means)} {}

  std::vector<ProbeSeen> probe(const ProbeTask& task) override {
    const auto all = kinds();
    const auto found = std::ranges::find(all, task.kind, [](const Kind* kind) { return kind->name; });
    if (found == all.end()) return {not_probed(fmt::format("there is no probe '{}'", task.kind))};
    return (*found)->run(task, means_);
  }

 private:
  Means means_;
};

}  // namespace

std::unique_ptr<desk::Prober> make_prober(Means means) { return std::make_unique<KindsProber>(std::move(means)); }

}  // namespace abate::probe
