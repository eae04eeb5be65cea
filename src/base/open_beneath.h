// SPDX-License-Identifier: Apache-2.0
// base/open_beneath.h — opens a path as a server sees it, never outside of its root.
//
// SECURITY: whoever owns a folder on the way may swap it for a link at any moment. A link is followed as the root's own
// and never leads out. Opens with O_PATH: nothing is read, no device is woken, no FIFO waited for.
#pragma once

#include <string_view>

#include "base/descriptor.h"

namespace abate {

// By openat2(2). The descriptor is empty on failure, with errno (ENOSYS: this kernel has no openat2).
// `flags` other than O_PATH are for a node that is known to be a regular file or folder.
Descriptor open_beneath(int root, std::string_view path, bool follow_last, int flags = 0);
// The same, component by component, for older kernels: links are read and resolved here.
Descriptor open_beneath_carefully(int root, std::string_view path, bool follow_last);

}  // namespace abate
