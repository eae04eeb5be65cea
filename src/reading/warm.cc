// SPDX-License-Identifier: Apache-2.0
#include "reading/warm.h"

#include <glib.h>

#include "reading/format.h"
#include "reading/mime/authentication.h"
#include "reading/mime/charset.h"
#include "reading/read.h"

namespace abate::reading {
namespace {

void (*out_of_memory_)() = nullptr;

// GLib asks for memory or dies: an error in its log is the last thing before abort().
void on_glib_log(const char*, GLogLevelFlags level, const char*, void*) {
  if ((level & G_LOG_LEVEL_ERROR) != 0 && out_of_memory_ != nullptr) out_of_memory_();
}

}  // namespace

void warm_up(void (*out_of_memory)()) {
  out_of_memory_ = out_of_memory;
  g_log_set_default_handler(on_glib_log, nullptr);
  warm_charsets();
  warm_authentication();
  for (const Format* format : formats())
    for (const Example& example : format->examples) read_report(example.bytes, example.content_type, "warm.example");
}

}  // namespace abate::reading
