// SPDX-License-Identifier: Apache-2.0
#include "sweep/host/read_file.h"

#include <algorithm>

#include "base/digest.h"

namespace abate::sweep {
namespace {

constexpr std::size_t kStepBytes = std::size_t{256} << 10;

// A hole reads as zeros as fast as memory goes, but there is no use in hashing terabytes of them.
bool is_mostly_holes(const Stat& stat) { return stat.blocks_bytes + (1U << 20) < stat.size / 64; }

}  // namespace

ReadFile::ReadFile(const Host& host, const std::function<bool()>& ended)
    : host_{host}, ended_{ended}, buffer_{std::make_unique_for_overwrite<char[]>(FileView::kBytesMax)} {}

void ReadFile::begin(const Node& node) {
  end();
  node_ = &node;
}

void ReadFile::end() {
  node_ = nullptr;
  file_.reset();
  length_ = 0;
  md5_.reset();
  packaged_digest_.reset();
  known_.reset();
  looked_beside_ = false;
}

Result<void> ReadFile::read() {
  TRY_ASSIGN(file_, node_->open());
  while (length_ < FileView::kBytesMax && !ended_()) {
    // One byte more than it should have shows the end without asking again.
    const std::uint64_t expected = node_->stat.size >= length_ ? node_->stat.size - length_ + 1 : kStepBytes;
    const std::size_t wanted = std::min<std::uint64_t>({expected, kStepBytes, FileView::kBytesMax - length_});
    TRY_ASSIGN(const std::size_t got, file_->read_at(length_, {buffer_.get() + length_, wanted}));
    length_ += got;
    read_ += got;
    if (got == 0 || (got < wanted && length_ == node_->stat.size)) break;
  }
  return {};
}

std::string_view ReadFile::md5() {
  if (!md5_) md5_ = hash_of_all("MD5");
  return *md5_;
}

std::string_view ReadFile::packaged_digest() {
  const std::string algorithm{host_.packages->algorithm()};
  if (algorithm == "MD5") return md5();
  if (!packaged_digest_) packaged_digest_ = hash_of_all(algorithm.c_str());
  return *packaged_digest_;
}

std::string ReadFile::hash_of_all(const char* algorithm) {
  if (node_ == nullptr || file_ == nullptr || node_->stat.size > kHashBytesMax || is_mostly_holes(node_->stat))
    return {};
  Digest hash{algorithm};
  hash.add(bytes());
  std::uint64_t offset = length_;
  while (length_ == FileView::kBytesMax) {
    if (ended_() || offset > kHashBytesMax) return {};
    step_.resize(kStepBytes);
    const Result<std::size_t> got = file_->read_at(offset, step_);
    if (!got) return {};
    if (*got == 0) break;
    hash.add(std::string_view{step_}.substr(0, *got));
    offset += *got;
    read_ += *got;
  }
  return hash.hex();
}

bool ReadFile::known() {
  if (!known_) {
    const std::string hash{packaged_digest()};
    known_ = !hash.empty() && (host_.packages->digest_of(node_->path) == hash || host_.packages->knows_content(hash) ||
                               host_.is_of_release(node_->path, md5()));
  }
  return *known_;
}

std::vector<Name> ReadFile::names_beside() {
  looked_beside_ = true;
  if (node_ == nullptr) return {};
  return host_.tree->list(folder_of(node_->path)).value_or(std::vector<Name>{});
}

}  // namespace abate::sweep
