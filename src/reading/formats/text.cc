// SPDX-License-Identifier: Apache-2.0
// Whatever is no mail and in no known format: shown to a person.
#include "reading/format.h"

namespace abate::reading {
extern const Format text_format;
namespace {

int recognise(const Input&) { return 1; }

Result<Reading> read(const Input& input) {
  Reading reading;
  reading.outcome = Outcome::unreadable;
  if (input.bytes().empty())
    reading.warnings.emplace_back("The report is empty");
  else
    reading.warnings.emplace_back("No format that is known here: a person must look");
  if (looks_like_json(input.bytes()) && input.json() == nullptr)
    reading.warnings.emplace_back("It begins like JSON and cannot be read as JSON");
  return reading;
}

constexpr Example kExamples[] = {
    {"a line of text", "text/plain", "please call me", Outcome::unreadable, 0, "", ""},
    {"nothing", "", "", Outcome::unreadable, 0, "", ""},
    {"broken JSON", "application/json", "{\"xarf_version\": \"4.0.0\", ", Outcome::unreadable, 0, "", ""},
};

}  // namespace

constinit const Format text_format{
    .name = "text",
    .title = "a text",
    .explain =
        R"(Bytes that are neither a mail nor in a known format. Nothing is read from them; a person sees the text.)",
    .recognise = recognise,
    .sure_max = 1,
    .read = read,
    .examples = kExamples,
};

}  // namespace abate::reading
