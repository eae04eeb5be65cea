// SPDX-License-Identifier: Apache-2.0
// reading/format.h — what a report format is. One file in reading/formats is one format; CMake finds it.
//
// A newcomer writes formats/NAME.cc with
//
//   namespace abate::reading {
//   extern const Format NAME_format;
//   constinit const Format NAME_format{.name = "NAME", .title = ..., .explain = ..., .recognise = recognise,
//                                      .sure_max = 95, .read = read, .examples = kExamples};
//   }
//
// and nothing else: the registry is made from the folder, and one test holds every example, also cut off at each byte.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "base/result.h"
#include "model/report.h"
#include "reading/input.h"

namespace abate::reading {

struct Example {  // written by us; what it must be read as
  std::string_view title;
  std::string_view content_type;
  std::string_view bytes;
  Outcome outcome = Outcome::read;
  std::size_t incidents = 0;
  std::string_view type;       // of the first incident, or ""
  std::string_view source_ip;  // of the first incident, or ""
};

struct Format {
  std::string_view name;     // "arf": stands in Reading::format
  std::string_view title;    // for people
  std::string_view explain;  // the manual: what is read, and the oddities
  // How sure, 0 (not mine) to 100. By content; who sent it may confirm, never decide.
  int (*recognise)(const Input& input);
  int sure_max;  // the most that recognise() says: where another format is surer already, it is not asked
  // A failure hands the report to the next most sure format. Warnings and mail facts are added by the caller.
  Result<Reading> (*read)(const Input& input);
  std::span<const Example> examples;
};

// All of reading/formats, by name. Made by CMake.
std::span<const Format* const> formats();

}  // namespace abate::reading
