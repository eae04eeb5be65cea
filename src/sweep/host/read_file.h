// SPDX-License-Identifier: Apache-2.0
// sweep/host/read_file.h — one file of the walk after the other: its first bytes, and what is dear to find out about
// it.
//
//   ReadFile file{host, ended};
//   file.begin(node);                           // nothing is opened yet
//   if (Result<void> read = file.read(); read) use(file.bytes());
//   file.end();
//
// One buffer for all files: what of it is not used costs no memory. The hash of the whole file, which reads on, is made
// only when somebody asks for it.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "sweep/kit/detector.h"

namespace abate::sweep {

class ReadFile final : public FileFacts {
 public:
  // Both must outlive it.
  ReadFile(const Host& host, const std::function<bool()>& ended);

  void begin(const Node& node);  // valid until end(), or the next
  Result<void> read();           // its first FileView::kBytesMax bytes; what could not be read: its error
  void end();

  [[nodiscard]] std::string_view bytes() const { return {buffer_.get(), length_}; }
  [[nodiscard]] std::uint64_t bytes_read() const { return read_; }  // of all files together
  [[nodiscard]] bool looked_beside() const { return looked_beside_; }

  std::string_view md5() override;
  std::string_view packaged_digest() override;
  bool known() override;
  std::vector<Name> names_beside() override;

  static constexpr std::uint64_t kHashBytesMax = std::uint64_t{256} << 20;  // larger files are not hashed as a whole

 private:
  [[nodiscard]] std::string hash_of_all(const char* algorithm);

  const Host& host_;
  const std::function<bool()>& ended_;
  std::unique_ptr<char[]> buffer_;
  std::string step_;
  const Node* node_ = nullptr;
  std::unique_ptr<TreeFile> file_;
  std::size_t length_ = 0;
  std::uint64_t read_ = 0;
  std::optional<std::string> md5_;
  std::optional<std::string> packaged_digest_;
  std::optional<bool> known_;
  bool looked_beside_ = false;
};

}  // namespace abate::sweep
