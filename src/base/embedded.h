// SPDX-License-Identifier: Apache-2.0
// base/embedded.h — a file that cmake/Embed.cmake made part of the program. Its bytes live as long as the program.
#pragma once

#include <span>
#include <string_view>

namespace abate {

struct EmbeddedFile {
  std::string_view name;  // without folders: "abate.css"
  std::string_view bytes;
};

}  // namespace abate
