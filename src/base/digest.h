// SPDX-License-Identifier: Apache-2.0
// base/digest.h — hashes of files as package managers and threat lists write them. One thread.
#pragma once

#include <memory>
#include <string>
#include <string_view>

namespace abate {

// MD5, SHA-1, SHA-256, ... by OpenSSL. MD5 tells an unchanged file from a changed one as dpkg does; it proves nothing
// against somebody who forges on purpose.
class Digest {
 public:
  explicit Digest(const char* algorithm);  // "MD5", "SHA1", "SHA256", "SHA512"
  void add(std::string_view bytes);
  std::string hex();  // ends it

 private:
  struct Free {
    void operator()(void* context) const;
  };
  std::unique_ptr<void, Free> context_;
};

class Md5 : public Digest {
 public:
  Md5() : Digest{"MD5"} {}
};

}  // namespace abate
