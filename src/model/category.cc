// SPDX-License-Identifier: Apache-2.0
#include "model/category.h"

#include "base/text.h"

namespace abate {
namespace {

struct Name {
  Category category;
  std::string_view name;
  std::string_view title;
};
constexpr std::array kNames{
    Name{Category::spam, "spam", "Spam"},
    Name{Category::phishing, "phishing", "Phishing"},
    Name{Category::malware, "malware", "Malware"},
    Name{Category::ddos, "ddos", "DDoS participation"},
    Name{Category::proxy, "proxy", "Unauthorised proxy"},
    Name{Category::illegal_content, "illegal_content", "Illegal content"},
    Name{Category::other, "other", "Other breach of policy"},
};

struct Row {
  std::string_view type;  // a whole type, or a category with its slash: then all types beneath it
  Category category;
};
// First match wins, so single types stand before their XARF category.
constexpr std::array kTypes{
    Row{"messaging/", Category::spam},
    Row{"content/phishing", Category::phishing},
    Row{"content/fraud", Category::phishing},
    Row{"content/suspicious_registration", Category::phishing},
    Row{"content/malware", Category::malware},
    Row{"content/remote_compromise", Category::malware},
    Row{"infrastructure/botnet", Category::malware},
    Row{"connection/infected_host", Category::malware},
    Row{"connection/ddos", Category::ddos},
    Row{"content/csam", Category::illegal_content},
    Row{"content/csem", Category::illegal_content},
    Row{"content/exposed_data", Category::illegal_content},
    Row{"content/brand_infringement", Category::illegal_content},
    Row{"copyright/", Category::illegal_content},
};

bool speaks_of_a_proxy(std::string_view detail) {
  return contains_ignoring_case(detail, "proxy") || contains_ignoring_case(detail, "socks");
}

}  // namespace

std::string_view category_name(Category category) { return kNames[static_cast<std::size_t>(category)].name; }
std::string_view category_title(Category category) { return kNames[static_cast<std::size_t>(category)].title; }

std::optional<Category> parse_category(std::string_view name) {
  for (const Name& row : kNames)
    if (row.name == name) return row.category;
  return std::nullopt;
}

Category category_of_type(std::string_view type, std::string_view detail) {
  const bool could_be_proxy =
      type == "vulnerability/open_service" || type == "content/remote_compromise" || type == "infrastructure/botnet";
  if (could_be_proxy && speaks_of_a_proxy(detail)) return Category::proxy;
  for (const Row& row : kTypes)
    if (row.type.ends_with('/') ? type.starts_with(row.type) : type == row.type) return row.category;
  return Category::other;
}

}  // namespace abate
