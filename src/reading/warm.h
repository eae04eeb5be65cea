// SPDX-License-Identifier: Apache-2.0
// reading/warm.h — loads what reading would otherwise load from files when first needed: charset converters, GMime's
// types, the way simdjson works on this processor. Called once by a worker before it shuts itself in.
#pragma once

namespace abate::reading {

// `out_of_memory` is called where GLib cannot get memory; it must not return.
void warm_up(void (*out_of_memory)());

}  // namespace abate::reading
