// SPDX-License-Identifier: Apache-2.0
// talk/line.h — one TCP connection to one address, plain or TLS, bounded in bytes and time as a whole.
//
//   TRY_ASSIGN(Line line, Line::open({.address = address, .port = 25}, {}));
//   TRY(line.send("EHLO probe.example.net\r\n"));
//   TRY_ASSIGN(const std::string greeting, line.receive_line());
//
// SECURITY: the other side may be an intruder's program. Nothing is resolved: who calls names the address. No answer,
// however long or slow, takes more than `bytes_max` and `patience`, counted from the opening to the last byte. TLS is
// spoken with whoever is there, whatever its certificate: what is wrong with it is told. Not for secrets; for those see
// talk/http.h. The program must ignore SIGPIPE (OpenSSL writes without asking). Not thread-safe.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/descriptor.h"
#include "base/ip.h"
#include "base/result.h"
#include "base/time.h"

namespace abate::talk {

struct Peer {
  IpAddress address;
  std::uint16_t port = 0;
  std::optional<IpAddress> from;                // the source address; else the system's choice
  [[nodiscard]] std::string to_string() const;  // "203.0.113.10:25", "[2001:db8::1]:25"
};

struct Bounds {
  Duration patience = std::chrono::seconds{10};
  std::size_t bytes_max = std::size_t{256} << 10;
};

constexpr std::size_t kLineBytesMax = 4096;

class Line {
 public:
  // refused: nobody listens there. not_found: nothing answers at all. unavailable: none is to be had from here.
  static Result<Line> open(const Peer& peer, const Bounds& bounds);
  Line(Line&& other) noexcept;
  Line& operator=(Line&& other) noexcept;
  ~Line();

  // `name` is what the other side is asked for (SNI); none for an address. unavailable: no TLS to be had.
  Result<void> start_tls(const std::string& name);
  // After start_tls: what is wrong with the certificate, in OpenSSL's words; "" when it is good for the name.
  [[nodiscard]] const std::string& certificate_problem() const { return certificate_problem_; }

  Result<void> send(std::string_view bytes);
  // What has come, at least one byte; "" at the end. too_big beyond the bounds.
  Result<std::string> receive();
  Result<std::string> receive_exactly(std::size_t bytes);  // malformed: it ended before
  Result<std::string> receive_line();  // without its end; malformed: it ended before, or is too long

 private:
  struct Tls;
  Line(Descriptor socket, const Bounds& bounds);
  Result<void> wait(short events) const;
  Result<std::string> read_some();

  Descriptor socket_;
  std::unique_ptr<Tls> tls_;
  std::chrono::steady_clock::time_point deadline_;
  std::size_t bytes_left_;
  std::string held_;  // received, not yet given out
  std::string certificate_problem_;
};

// A question by UDP and the first answer that comes from that very address and port; asked `tries` times within
// `patience`. not_found: none came. unavailable: none can be sent from here. refused: the machine says that nobody
// listens (ICMP).
Result<std::string> ask_udp(const Peer& peer, std::string_view question, const Bounds& bounds, int tries = 3);

}  // namespace abate::talk
