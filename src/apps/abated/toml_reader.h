// SPDX-License-Identifier: Apache-2.0
// apps/abated/toml_reader.h — reads a TOML table strictly: each key once, of the right type, and no key left over.
//
//   Section http{table, "http", path};
//   http.text("listen", config.http_listen);
//   TRY(http.finish());      // the first error, or the key that nobody asked for
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <toml++/toml.h>

#include "base/ip.h"
#include "base/result.h"

namespace abate::apps {

Result<toml::table> parse_toml(std::string_view text, const std::string& path);
Result<std::string> read_file(const std::string& path);

class Section {
 public:
  // `table` may be null: then nothing is there and every default stays. Borrowed.
  Section(const toml::table* table, std::string name, std::string path);

  void text(std::string_view key, std::string& out);
  void flag(std::string_view key, bool& out);
  void count(std::string_view key, std::size_t& out, std::size_t most);
  void size(std::string_view key, std::size_t& out_bytes);  // "256M"
  void duration(std::string_view key, std::chrono::seconds& out);
  void texts(std::string_view key, std::vector<std::string>& out);
  void file(std::string_view key, std::string& out);  // made absolute
  void files(std::string_view key, std::vector<std::string>& out);
  void prefixes(std::string_view key, std::vector<IpRange>& out);
  // `take` says what is wrong with a text, or nothing.
  void parsed(std::string_view key, const std::function<Result<void>(std::string_view)>& take);
  void parsed_list(std::string_view key, const std::function<Result<void>(std::string_view)>& take);
  void known(std::string_view key);                // a key that somebody else reads
  const toml::table* table(std::string_view key);  // a section beneath this one; null where there is none

  Result<void> finish();

 private:
  const toml::node* find(std::string_view key);
  void wrong(const toml::node& at, std::string_view key, std::string_view what);
  [[nodiscard]] std::string absolute(std::string_view file) const;

  const toml::table* table_;
  std::string name_;
  std::string path_;
  std::vector<std::string> keys_;
  std::optional<Error> error_;
};

}  // namespace abate::apps
