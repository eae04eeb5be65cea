// SPDX-License-Identifier: Apache-2.0
#include "worker/child.h"

#include <cerrno>
#include <charconv>
#include <cstring>
#include <exception>
#include <new>

#include <malloc.h>
#include <unistd.h>

#include "reading/mime/authentication.h"
#include "reading/read.h"
#include "reading/warm.h"
#include "worker/codec.h"
#include "worker/sandbox.h"

namespace abate::worker {
namespace {

constexpr int kIn = 0;
constexpr int kOut = 1;
constexpr std::size_t kBufferBytes = 256 * 1024;
constexpr std::size_t kBufferKeptBytesMax = std::size_t{4} << 20;
constexpr std::size_t kPaddingBytes = 64;  // a JSON parser may look a little past the end

[[noreturn]] void out_of_memory() { _exit(kExitMemory); }

class Inlet {  // descriptor 0, read in large pieces; what it hands out points into its buffer
 public:
  // The next `size` bytes, or nothing at the end of the stream. Valid until the next call of rewind().
  std::optional<std::string_view> take(std::size_t size) {
    while (end_ - begin_ < size) {
      if (!fill(size)) return std::nullopt;
    }
    const std::string_view taken(buffer_.data() + begin_, size);
    begin_ += size;
    return taken;
  }
  // Everything taken so far may be overwritten.
  void rewind() {
    if (begin_ == end_) begin_ = end_ = 0;
    if (begin_ == 0 && buffer_.size() > kBufferKeptBytesMax) {
      buffer_.clear();
      buffer_.shrink_to_fit();
    }
    start_ = begin_;
  }

 private:
  bool fill(std::size_t size) {
    const std::size_t needed = begin_ - start_ + size;  // what was taken since rewind() must stay in place
    if (start_ + needed > room()) {
      std::memmove(buffer_.data(), buffer_.data() + start_, end_ - start_);
      begin_ -= start_;
      end_ -= start_;
      start_ = 0;
      if (needed > room()) buffer_.resize(std::max(needed + kPaddingBytes, kBufferBytes));
    }
    while (true) {
      const ssize_t got = read(kIn, buffer_.data() + end_, room() - end_);
      if (got < 0 && errno == EINTR) continue;
      if (got <= 0) return false;
      end_ += static_cast<std::size_t>(got);
      return true;
    }
  }
  [[nodiscard]] std::size_t room() const { return buffer_.size() < kPaddingBytes ? 0 : buffer_.size() - kPaddingBytes; }

  std::string buffer_;
  std::size_t start_ = 0;  // of what must stay
  std::size_t begin_ = 0;  // of what was not taken yet
  std::size_t end_ = 0;
};

bool send_frame(std::string_view payload) {
  std::string frame;
  frame.reserve(payload.size() + 4);
  for (unsigned shift = 0; shift < 32; shift += 8) frame += static_cast<char>((payload.size() >> shift) & 0xff);
  frame += payload;
  for (std::string_view rest = frame; !rest.empty();) {
    const ssize_t sent = write(kOut, rest.data(), rest.size());
    if (sent < 0 && errno == EINTR) continue;
    if (sent <= 0) return false;
    rest.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

Reading unreadable(std::string warning) {
  Reading reading;
  reading.format = "none";
  reading.outcome = Outcome::unreadable;
  reading.warnings.push_back(std::move(warning));
  return reading;
}

Reading prove(std::string_view report, std::string_view encoded) {
  const Result<Witnesses> witnesses = decode_witnesses(encoded);
  if (!witnesses) return unreadable(witnesses.error().what);
  reading::Proof proof = reading::prove(report, *witnesses);
  Reading reading;
  reading.reporter.authenticated = std::move(proof.authenticated);
  reading.reporter.keys = std::move(proof.keys);
  reading.warnings = std::move(proof.warnings);
  return reading;
}

// `make` reads a report or proves who wrote it.
template <class Make>
std::string answer(Make make) {
  Reading reading;
  try {
    reading = make();
  } catch (const std::bad_alloc&) {
    out_of_memory();
  } catch (const std::exception& problem) {
    reading = unreadable(fmt::format("The reader failed: {}", problem.what()));
  }
  auto encoded = encode_reading(reading);
  if (!encoded) encoded = encode_reading(unreadable(encoded.error().what));
  return std::move(*encoded);
}

int serve(ReadFunction read) {
  Inlet inlet;
  while (true) {
    inlet.rewind();
    const auto head_bytes = inlet.take(kToChildHeadBytes);
    if (!head_bytes) return 0;
    const auto head = decode_head(*head_bytes);
    if (!head) return kExitProtocol;
    const std::size_t size = head->content_type_bytes + head->domain_bytes + head->report_bytes;
    inlet.rewind();
    const auto body = inlet.take(size);
    if (!body) return 0;
    const std::string_view content_type = body->substr(0, head->content_type_bytes);
    const std::string_view domain = body->substr(head->content_type_bytes, head->domain_bytes);
    const std::string_view report = body->substr(head->content_type_bytes + head->domain_bytes);
    const auto make = [&] { return head->prove ? prove(report, content_type) : read(report, content_type, domain); };
    if (!send_frame(answer(make))) return 0;
  }
}

}  // namespace

std::optional<int> run_if_worker(int argc, char** argv, ReadFunction read) {
  if (argc < 3 || argv[1] != kWorkerWord) return std::nullopt;
  std::size_t memory_max_bytes = 0;
  const std::string_view number = argv[2];
  std::from_chars(number.data(), number.data() + number.size(), memory_max_bytes);
  std::set_new_handler(out_of_memory);
  // A mail of some kilobytes grows and shrinks the heap again and again: two system calls each time, were it given
  // back.
  mallopt(M_TRIM_THRESHOLD, 16 << 20);
  mallopt(M_TOP_PAD, 1 << 20);
  reading::warm_up(out_of_memory);
  if (const auto shut = enter_sandbox(memory_max_bytes); !shut) {
    send_frame(shut.error().what);
    _exit(1);
  }
  if (!send_frame(kReady)) _exit(0);
  _exit(serve(read));  // no destructors: what they would close is not ours any more
}

std::optional<int> run_if_worker(int argc, char** argv) { return run_if_worker(argc, argv, reading::read_unhashed); }

}  // namespace abate::worker
