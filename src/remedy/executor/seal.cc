// SPDX-License-Identifier: Apache-2.0
#include "remedy/executor/seal.h"

#include <cerrno>
#include <cstring>
#include <vector>

#include <fcntl.h>
#include <openssl/evp.h>
#include <sodium.h>
#include <unistd.h>

#include "base/descriptor.h"
#include "base/hash.h"

namespace abate::remedy {
namespace {

constexpr std::size_t kPieceBytes = std::size_t{1} << 16;
constexpr std::size_t kSealedPieceBytes = kPieceBytes + crypto_secretstream_xchacha20poly1305_ABYTES;
constexpr std::size_t kHeaderBytes = crypto_secretstream_xchacha20poly1305_HEADERBYTES;

std::unexpected<Error> cannot(const std::string& what) {
  return failure(Fault::unavailable, "{}: {}", what, ::strerrordesc_np(errno));
}

bool write_all(int file, const unsigned char* bytes, std::size_t size) {
  while (size > 0) {
    const ssize_t written = ::write(file, bytes, size);
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return false;
    bytes += written;
    size -= static_cast<std::size_t>(written);
  }
  return true;
}

// As many bytes as there are, up to `size`; -1 on an error.
ssize_t read_full(int file, unsigned char* bytes, std::size_t size) {
  std::size_t have = 0;
  while (have < size) {
    const ssize_t got = ::read(file, bytes + have, size - have);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return -1;
    if (got == 0) break;
    have += static_cast<std::size_t>(got);
  }
  return static_cast<ssize_t>(have);
}

}  // namespace

Result<Seal> Seal::open(const std::string& state_folder) {
  if (::sodium_init() < 0) return failure(Fault::unavailable, "the kernel gives no random numbers");
  Seal seal;
  const std::string path = state_folder + "/seal.key";
  Descriptor file{::open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC)};
  if (file) {
    if (read_full(file.get(), seal.key_.data(), seal.key_.size()) == static_cast<ssize_t>(seal.key_.size()))
      return seal;
    // A key that was cut while it was made has sealed nothing yet.
    if (::unlink(path.c_str()) != 0) return cannot(path);
  }
  crypto_secretstream_xchacha20poly1305_keygen(seal.key_.data());
  file = Descriptor{::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600)};
  if (!file || !write_all(file.get(), seal.key_.data(), seal.key_.size()) || ::fsync(file.get()) != 0)
    return cannot(path);
  return seal;
}

Result<std::string> Seal::close_up(int file, const std::string& sealed) const {
  const Descriptor out{::open(sealed.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600)};
  if (!out) return cannot(sealed);
  crypto_secretstream_xchacha20poly1305_state stream;
  unsigned char header[kHeaderBytes];
  crypto_secretstream_xchacha20poly1305_init_push(&stream, header, key_.data());
  bool whole = write_all(out.get(), header, sizeof header);
  EVP_MD_CTX* hash = EVP_MD_CTX_new();
  EVP_DigestInit_ex(hash, EVP_sha256(), nullptr);
  std::vector<unsigned char> clear(kPieceBytes);
  std::vector<unsigned char> piece(kSealedPieceBytes);
  // The last piece is short, perhaps empty, and says that it is the last.
  for (bool last = false; whole && !last;) {
    const ssize_t got = read_full(file, clear.data(), clear.size());
    whole = got >= 0;
    if (!whole) break;
    const auto size = static_cast<std::size_t>(got);
    last = size < clear.size();
    EVP_DigestUpdate(hash, clear.data(), size);
    unsigned long long length = 0;
    crypto_secretstream_xchacha20poly1305_push(
        &stream, piece.data(), &length, clear.data(), size, nullptr, 0,
        last ? crypto_secretstream_xchacha20poly1305_TAG_FINAL : crypto_secretstream_xchacha20poly1305_TAG_MESSAGE);
    whole = write_all(out.get(), piece.data(), length);
  }
  std::array<std::uint8_t, 32> digest{};
  EVP_DigestFinal_ex(hash, digest.data(), nullptr);
  EVP_MD_CTX_free(hash);
  if (!whole || ::fsync(out.get()) != 0) return cannot(sealed);
  return to_hex(digest);
}

Result<void> Seal::unseal(const std::string& sealed, int into) const {
  const Descriptor in{::open(sealed.c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC)};
  if (!in) return cannot(sealed);
  const auto broken = [&] {
    return failure(Fault::malformed, "{}: the sealed copy was cut or changed: it is not put back", sealed);
  };
  unsigned char header[kHeaderBytes];
  crypto_secretstream_xchacha20poly1305_state stream;
  if (read_full(in.get(), header, sizeof header) != static_cast<ssize_t>(sizeof header) ||
      crypto_secretstream_xchacha20poly1305_init_pull(&stream, header, key_.data()) != 0)
    return broken();
  std::vector<unsigned char> clear(kPieceBytes);
  std::vector<unsigned char> piece(kSealedPieceBytes);
  for (unsigned char tag = 0; tag != crypto_secretstream_xchacha20poly1305_TAG_FINAL;) {
    const ssize_t got = read_full(in.get(), piece.data(), piece.size());
    unsigned long long length = 0;
    if (got <= 0 || crypto_secretstream_xchacha20poly1305_pull(&stream, clear.data(), &length, &tag, piece.data(),
                                                               static_cast<unsigned long long>(got), nullptr, 0) != 0)
      return broken();
    if (!write_all(into, clear.data(), length)) return cannot("writing back");
  }
  return {};
}

}  // namespace abate::remedy
