// SPDX-License-Identifier: Apache-2.0
// sweep/host/config/versions.h — which of two versions is the later one, by Debian's policy (section 5.6.12): epoch,
// then upstream version and revision, where digits count as numbers, letters before signs, and '~' before all.
// Plugins' plain numbers order the same way. Pure.
#pragma once

#include <string_view>

namespace abate::sweep {

int compare_versions(std::string_view a, std::string_view b);  // below 0: a is the older one

}  // namespace abate::sweep
