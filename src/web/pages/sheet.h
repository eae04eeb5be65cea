// SPDX-License-Identifier: Apache-2.0
// web/pages/sheet.h — fills a template: the only way in which text becomes HTML.
//
//   Sheet sheet;
//   sheet.set("NAME", "<b>");                    // shown as the four characters; made inert before
//   for (...) sheet.add("ROW").set("ID", id);    // {{#ROW}}...{{/ROW}} once for each
//   std::string html = sheet.render("list.html");
//
// Templates lie in web/templates and are embedded. Each begins with the AUTOESCAPE pragma, so ctemplate chooses the
// escaping by where a value stands; values are never HTML. A template that does not compile, or is not there, is our
// own mistake (CHECK); web/pages/sheet_test.cc compiles all. Rendering is thread-safe, a Sheet belongs to one thread.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace ctemplate {
class TemplateDictionary;
}

namespace abate::web {

// A part of a sheet: one repetition of a section. Valid as long as its Sheet.
class Part {
 public:
  explicit Part(ctemplate::TemplateDictionary& inside) : inside_{&inside} {}
  Part& set(std::string_view name, std::string_view text);
  Part& set_number(std::string_view name, std::uint64_t value);
  // Evidence and other excerpts: URLs in it are defanged too.
  Part& set_evidence(std::string_view name, std::string_view text);
  Part& show(std::string_view section);
  Part& show_if(bool condition, std::string_view section);        // "X", else "NO_X" is shown
  Part& set_if(std::string_view section, std::string_view text);  // shows {{#X}}{{X}}{{/X}} where text is not empty
  Part add(std::string_view section);
  // {{>NAME}}: another template in this place, with values of its own.
  Part include(std::string_view name, std::string_view template_name);

 private:
  ctemplate::TemplateDictionary* inside_;
};

class Sheet {
 public:
  Sheet();
  ~Sheet();
  Sheet(const Sheet&) = delete;
  Sheet& operator=(const Sheet&) = delete;

  Part& top() { return top_; }
  void set_everywhere(std::string_view name, std::string_view text);  // in included templates too
  void show_everywhere(std::string_view section);
  [[nodiscard]] std::string render(std::string_view template_name) const;

 private:
  std::unique_ptr<ctemplate::TemplateDictionary> inside_;
  Part top_;
};

std::vector<std::string_view> template_names();
std::string_view template_text(std::string_view name);  // "" where there is none

}  // namespace abate::web
