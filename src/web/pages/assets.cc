// SPDX-License-Identifier: Apache-2.0
#include "web/pages/assets.h"

#include <map>
#include <span>

#include <fmt/format.h>

#include "base/check.h"
#include "base/embedded.h"
#include "base/hash.h"

namespace abate::web {

std::span<const EmbeddedFile> embedded_assets();

namespace {

const EmbeddedFile* find(std::string_view name) {
  for (const EmbeddedFile& file : embedded_assets())
    if (file.name == name) return &file;
  return nullptr;
}

const std::string& hash_of(const EmbeddedFile& asset) {
  static const std::map<std::string_view, std::string> hashes = [] {
    std::map<std::string_view, std::string> made;
    for (const EmbeddedFile& file : embedded_assets()) made[file.name] = sha256_hex(file.bytes).substr(0, 12);
    return made;
  }();
  return hashes.at(asset.name);
}

std::string_view type_of(std::string_view name) {
  if (name.ends_with(".css")) return "text/css; charset=utf-8";
  if (name.ends_with(".svg")) return "image/svg+xml";
  return "application/octet-stream";
}

}  // namespace

std::string asset_url(std::string_view name) {
  const EmbeddedFile* const file = find(name);
  CHECK(file != nullptr);
  return fmt::format("/assets/{}?v={}", name, hash_of(*file));
}

Response asset(const Request& request) {
  const EmbeddedFile* const file = find(request.captures.at("name"));
  if (file == nullptr)
    return {.status = 404,
            .headers = {},
            .content_type = "text/plain; charset=utf-8",
            .body = "no such asset\n",
            .stream = nullptr};
  const bool pinned = request.argument("v") == hash_of(*file);
  return {.status = 200,
          .headers = {{"Cache-Control", pinned ? "public, max-age=31536000, immutable" : "public, max-age=300"},
                      {"X-Content-Type-Options", "nosniff"},
                      {"Content-Security-Policy", "default-src 'none'"}},
          .content_type = std::string{type_of(file->name)},
          .body = std::string{file->bytes},
          .stream = nullptr};
}

std::vector<std::string_view> asset_names() {
  std::vector<std::string_view> names;
  for (const EmbeddedFile& file : embedded_assets()) names.push_back(file.name);
  return names;
}

std::string_view asset_bytes(std::string_view name) {
  const EmbeddedFile* const file = find(name);
  return file == nullptr ? std::string_view{} : file->bytes;
}

}  // namespace abate::web
