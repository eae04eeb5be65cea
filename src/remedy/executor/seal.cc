// SPDX-License-Identifier: Apache-2.0
#include "remedy/executor/seal.h"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <vector>

#include <fcntl.h>
#include <sodium.h>
#include <unistd.h>

#include "base/descriptor.h"
#include "base/digest.h"
#include "base/whole_io.h"

namespace abate::remedy {
namespace {

constexpr std::size_t kPieceBytes = std::size_t{1} << 16;
constexpr std::size_t kSealedPieceBytes = kPieceBytes + crypto_secretstream_xchacha20poly1305_ABYTES;
constexpr std::size_t kHeaderBytes = crypto_secretstream_xchacha20poly1305_HEADERBYTES;

std::unexpected<Error> cannot(const std::string& what) {
  return failure(Fault::unavailable, "{}: {}", what, ::strerrordesc_np(errno));
}

std::string_view text(const std::vector<unsigned char>& bytes, std::size_t size) {
  return {reinterpret_cast<const char*>(bytes.data()), size};
}

ssize_t fill(int file, std::vector<unsigned char>& bytes) {
  return read_full(file, {reinterpret_cast<char*>(bytes.data()), bytes.size()});
}

}  // namespace

Result<Seal> Seal::open(const std::string& state_folder) {
  if (::sodium_init() < 0) return failure(Fault::unavailable, "the kernel gives no random numbers");
  Seal seal;
  std::vector<unsigned char> key(seal.key_.size());
  const std::string path = state_folder + "/seal.key";
  Descriptor file{::open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC)};
  if (file) {
    const ssize_t got = fill(file.get(), key);
    if (got < 0) return cannot(path);
    if (static_cast<std::size_t>(got) != key.size())
      return failure(Fault::malformed,
                     "{}: the key is cut; sealed copies cannot be opened without it. Put it back from "
                     "a backup, or move the state folder away to begin a new one",
                     path);
    std::ranges::copy(key, seal.key_.begin());
    return seal;
  }
  if (errno != ENOENT) return cannot(path);
  // Whole under its name or not at all.
  const std::string half = path + ".part";
  crypto_secretstream_xchacha20poly1305_keygen(seal.key_.data());
  file = Descriptor{::open(half.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600)};
  std::ranges::copy(seal.key_, key.begin());
  if (!file || !write_all(file.get(), text(key, key.size())) || ::fsync(file.get()) != 0 ||
      ::rename(half.c_str(), path.c_str()) != 0)
    return cannot(path);
  return seal;
}

Result<std::string> Seal::close_up(int file, const std::string& sealed) const {
  const Descriptor out{::open(sealed.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600)};
  if (!out) return cannot(sealed);
  crypto_secretstream_xchacha20poly1305_state stream;
  std::vector<unsigned char> header(kHeaderBytes);
  crypto_secretstream_xchacha20poly1305_init_push(&stream, header.data(), key_.data());
  if (!write_all(out.get(), text(header, header.size()))) return cannot(sealed);
  Digest digest{"SHA256"};
  std::vector<unsigned char> clear(kPieceBytes);
  std::vector<unsigned char> piece(kSealedPieceBytes);
  // The last piece is short, perhaps empty, and says that it is the last.
  for (bool last = false; !last;) {
    const ssize_t got = fill(file, clear);
    if (got < 0) return cannot(sealed);
    const auto size = static_cast<std::size_t>(got);
    last = size < clear.size();
    digest.add(text(clear, size));
    unsigned long long length = 0;
    crypto_secretstream_xchacha20poly1305_push(
        &stream, piece.data(), &length, clear.data(), size, nullptr, 0,
        last ? crypto_secretstream_xchacha20poly1305_TAG_FINAL : crypto_secretstream_xchacha20poly1305_TAG_MESSAGE);
    if (!write_all(out.get(), text(piece, length))) return cannot(sealed);
  }
  if (::fsync(out.get()) != 0) return cannot(sealed);
  return digest.hex();
}

std::uint64_t Seal::clear_size(std::uint64_t sealed_size) {
  if (sealed_size <= kHeaderBytes) return 0;
  const std::uint64_t pieces = sealed_size - kHeaderBytes;
  const std::uint64_t count = (pieces + kSealedPieceBytes - 1) / kSealedPieceBytes;
  constexpr std::uint64_t kAdded = crypto_secretstream_xchacha20poly1305_ABYTES;
  return pieces > count * kAdded ? pieces - count * kAdded : 0;
}

Result<void> Seal::unseal(const std::string& sealed, int into) const {
  const Descriptor in{::open(sealed.c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC)};
  if (!in) return cannot(sealed);
  const auto broken = [&] {
    return failure(Fault::malformed, "{}: the sealed copy was cut or changed: it is not put back", sealed);
  };
  std::vector<unsigned char> header(kHeaderBytes);
  crypto_secretstream_xchacha20poly1305_state stream;
  if (fill(in.get(), header) != static_cast<ssize_t>(header.size()) ||
      crypto_secretstream_xchacha20poly1305_init_pull(&stream, header.data(), key_.data()) != 0)
    return broken();
  std::vector<unsigned char> clear(kPieceBytes);
  std::vector<unsigned char> piece(kSealedPieceBytes);
  for (unsigned char tag = 0; tag != crypto_secretstream_xchacha20poly1305_TAG_FINAL;) {
    const ssize_t got = fill(in.get(), piece);
    unsigned long long length = 0;
    if (got <= 0 || crypto_secretstream_xchacha20poly1305_pull(&stream, clear.data(), &length, &tag, piece.data(),
                                                               static_cast<unsigned long long>(got), nullptr, 0) != 0)
      return broken();
    if (!write_all(into, text(clear, length))) return cannot("writing back");
  }
  return {};
}

}  // namespace abate::remedy
