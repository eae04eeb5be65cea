// SPDX-License-Identifier: Apache-2.0
#include "guide/progress.h"

#include <boost/json.hpp>

#include "base/json_fields.h"
#include "base/text.h"

namespace abate::guide {
namespace {

namespace json = boost::json;

constexpr std::string_view kSchema = "abate.guide/1";

json::object choices_json(const std::map<std::string, Choice>& choices) {
  json::object form;
  for (const auto& [id, choice] : choices) form[id] = choice == Choice::yes;
  return form;
}

std::map<std::string, Choice> choices_of(const json::object& form) {
  std::map<std::string, Choice> choices;
  for (const auto& [id, choice] : form)
    if (choice.is_bool()) choices[std::string{id}] = choice.get_bool() ? Choice::yes : Choice::no;
  return choices;
}

}  // namespace

std::string progress_text(const Progress& progress) {
  json::object words;
  for (const auto& [question, answer] : progress.words) words[make_valid_utf8(question)] = make_valid_utf8(answer);
  json::object form{{"schema", kSchema},
                    {"place", place_name(progress.place)},
                    {"ticket", make_valid_utf8(progress.ticket)},
                    {"actions", choices_json(progress.actions)},
                    {"measures", choices_json(progress.measures)},
                    {"topics", choices_json(progress.topics)},
                    {"words", std::move(words)},
                    {"reply", make_valid_utf8(progress.reply)},
                    {"ending", progress.ending}};
  if (progress.at) form["at"] = format_rfc3339(*progress.at);
  return json::serialize(form) + "\n";
}

Result<Progress> read_progress(std::string_view text) {
  boost::system::error_code wrong;
  const json::value value = json::parse(text, wrong);
  if (wrong || !value.is_object() || text_of(value.get_object(), "schema") != kSchema)
    return failure(Fault::malformed, "what was kept of the last time cannot be read");
  const json::object& form = value.get_object();
  const std::optional<Place> place = parse_place(text_of(form, "place"));
  if (!place) return failure(Fault::malformed, "what was kept of the last time names no step that is known");
  Progress progress;
  progress.place = *place;
  progress.ticket = text_of(form, "ticket");
  progress.actions = choices_of(object_of(form, "actions"));
  progress.measures = choices_of(object_of(form, "measures"));
  progress.topics = choices_of(object_of(form, "topics"));
  for (const auto& [question, answer] : object_of(form, "words"))
    if (answer.is_string()) progress.words[std::string{question}] = std::string{answer.get_string()};
  progress.reply = text_of(form, "reply");
  progress.ending = text_of(form, "ending");
  if (const Result<Instant> at = parse_rfc3339(text_of(form, "at"))) progress.at = *at;
  return progress;
}

}  // namespace abate::guide
