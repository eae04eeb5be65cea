// SPDX-License-Identifier: Apache-2.0
// model/category.h — the seven categories (R3) and the finer type beneath them, in XARF v4's words.
//
// A type is "category/type" as XARF v4 writes it ("messaging/spam", "connection/login_attack"). Which of our categories
// a type falls under stands in one table, category.cc. Pure; thread-safe.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace abate {

enum class Category : std::uint8_t { spam, phishing, malware, ddos, proxy, illegal_content, other };

inline constexpr std::array kCategories{Category::spam,  Category::phishing,        Category::malware, Category::ddos,
                                        Category::proxy, Category::illegal_content, Category::other};

std::string_view category_name(Category category);   // "illegal_content", as in the contract
std::string_view category_title(Category category);  // "Illegal content", for people
std::optional<Category> parse_category(std::string_view name);

// An unknown type is `other`. `detail` is what the report says besides: a service ("proxy", "socks"), a bot's
// capability; it can turn an open service or a botnet into `proxy`.
Category category_of_type(std::string_view type, std::string_view detail = {});

}  // namespace abate
