// SPDX-License-Identifier: Apache-2.0
// apps/abate/editor.h — a file in the editor that the person has chosen: VISUAL, EDITOR, else what is there.
#pragma once

#include <string>

#include "base/result.h"

namespace abate::apps {

// Comes back when the editor ended. Ctrl-C is the editor's own meanwhile. unavailable: none could be started, or it
// ended with an error. Its words are parted at blanks; no shell reads them.
Result<void> edit_file(const std::string& path);

}  // namespace abate::apps
