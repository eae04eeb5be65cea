// SPDX-License-Identifier: Apache-2.0
// post/folder_mailer.h — a Mailer that writes each mail into a folder: written beside, then renamed, so that a reader
// never sees half of one. For the demonstration and for tests; the folder is made. Thread-safe.
#pragma once

#include <memory>
#include <string>

#include "base/result.h"
#include "desk/ports/mailer.h"

namespace abate::post {

Result<std::unique_ptr<desk::Mailer>> make_folder_mailer(const std::string& folder);

}  // namespace abate::post
