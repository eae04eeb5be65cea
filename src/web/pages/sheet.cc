// SPDX-License-Identifier: Apache-2.0
#include "web/pages/sheet.h"

#include <span>

#include <ctemplate/template_cache.h>
#include <ctemplate/template_dictionary.h>
#include <ctemplate/template_string.h>
#include <fmt/format.h>

#include "base/check.h"
#include "base/embedded.h"
#include "web/pages/inert.h"

namespace abate::web {

std::span<const EmbeddedFile> embedded_templates();

namespace {

ctemplate::TemplateString as_template_string(std::string_view text) { return {text.data(), text.size()}; }

// All templates, compiled once. Frozen, so that many threads read it without a lock.
const ctemplate::TemplateCache& compiled() {
  static const ctemplate::TemplateCache& cache = [] -> const ctemplate::TemplateCache& {
    static ctemplate::TemplateCache made;
    for (const EmbeddedFile& file : embedded_templates())
      CHECK(made.StringToTemplateCache(as_template_string(file.name), as_template_string(file.bytes),
                                       ctemplate::STRIP_BLANK_LINES));
    made.Freeze();
    return made;
  }();
  return cache;
}

}  // namespace

Part& Part::set(std::string_view name, std::string_view text) {
  inside_->SetValue(as_template_string(name), inert(text));
  return *this;
}

Part& Part::set_number(std::string_view name, std::uint64_t value) { return set(name, fmt::format("{}", value)); }

Part& Part::set_evidence(std::string_view name, std::string_view text) {
  inside_->SetValue(as_template_string(name), inert_evidence(text));
  return *this;
}

Part& Part::show(std::string_view section) {
  inside_->ShowSection(as_template_string(section));
  return *this;
}

Part& Part::show_if(bool condition, std::string_view section) {
  return condition ? show(section) : show(fmt::format("NO_{}", section));
}

Part& Part::set_if(std::string_view section, std::string_view text) {
  if (text.empty()) return *this;
  set(section, text);
  return show(section);
}

Part Part::add(std::string_view section) { return Part{*inside_->AddSectionDictionary(as_template_string(section))}; }

Part Part::include(std::string_view name, std::string_view template_name) {
  ctemplate::TemplateDictionary* const child = inside_->AddIncludeDictionary(as_template_string(name));
  child->SetFilename(as_template_string(template_name));
  return Part{*child};
}

Sheet::Sheet() : inside_{std::make_unique<ctemplate::TemplateDictionary>("page")}, top_{*inside_} {}
Sheet::~Sheet() = default;

void Sheet::set_everywhere(std::string_view name, std::string_view text) {
  inside_->SetTemplateGlobalValue(as_template_string(name), inert(text));
}

void Sheet::show_everywhere(std::string_view section) {
  inside_->ShowTemplateGlobalSection(as_template_string(section));
}

std::string Sheet::render(std::string_view template_name) const {
  std::string out;
  CHECK(compiled().ExpandNoLoad(as_template_string(template_name), ctemplate::STRIP_BLANK_LINES, inside_.get(), nullptr,
                                &out));
  return out;
}

std::vector<std::string_view> template_names() {
  std::vector<std::string_view> names;
  for (const EmbeddedFile& file : embedded_templates()) names.push_back(file.name);
  return names;
}

std::string_view template_text(std::string_view name) {
  for (const EmbeddedFile& file : embedded_templates())
    if (file.name == name) return file.bytes;
  return {};
}

}  // namespace abate::web
