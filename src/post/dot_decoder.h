// SPDX-License-Identifier: Apache-2.0
// post/dot_decoder.h — the message within an SMTP DATA stream (RFC 5321, 4.5.2), however the stream is cut into pieces.
//
//   DotDecoder decoder;
//   std::size_t taken = decoder.feed(bytes, [&](std::string_view part) { message += part; });
//   if (decoder.ended()) ...   // bytes.substr(taken) is the next command
//
// A line begins at the start and after CRLF, nowhere else. A dot that begins a line is removed; a line that is only a
// dot ends the message, and only CR LF ends that line. Hence CRLF.CRLF ends it, and LF.LF, LF.CRLF, CRLF.LF, CRLF.CR
// and their like do not: no two servers can be made to disagree about where a message ends. All other bytes, NUL and
// bare CR and LF among them, come out as they went in; the CRLF before the last dot belongs to the message. Reads whole
// lines by memchr and hands out the longest parts that need no change. Keeps no bytes.
#pragma once

#include <cstddef>
#include <cstring>
#include <string_view>

namespace abate::post {

class DotDecoder {
 public:
  // Returns how many bytes it took: fewer than given only when the end came.
  template <class Sink>
  std::size_t feed(std::string_view in, Sink&& sink) {
    std::size_t at = 0;
    while (at < in.size() && state_ != State::ended) {
      const char next = in[at];
      switch (state_) {
        case State::line_start:
          if (next != '.') {
            state_ = State::middle;
          } else {
            state_ = State::after_dot;
            ++at;
          }
          break;
        case State::after_dot:
          if (next != '\r') {
            state_ = State::middle;
          } else {
            state_ = State::after_dot_cr;
            ++at;
          }
          break;
        case State::after_dot_cr:
          if (next != '\n') {
            sink(std::string_view("\r"));
            state_ = State::after_cr;
          } else {
            state_ = State::ended;
            ++at;
          }
          break;
        default: at = run(in, at, sink); break;
      }
    }
    return at;
  }
  [[nodiscard]] bool ended() const { return state_ == State::ended; }

 private:
  enum class State : unsigned char { line_start, after_dot, after_dot_cr, middle, after_cr, ended };

  // From within a line to the next line that begins with a dot, or to the end of what there is.
  template <class Sink>
  std::size_t run(std::string_view in, std::size_t from, Sink& sink) {
    std::size_t search = from;
    while (search < in.size()) {
      const void* found = std::memchr(in.data() + search, '\n', in.size() - search);
      if (found == nullptr) break;
      const auto newline = static_cast<std::size_t>(static_cast<const char*>(found) - in.data());
      const bool whole = newline > from ? in[newline - 1] == '\r' : state_ == State::after_cr;
      search = newline + 1;
      if (!whole) continue;
      if (search < in.size() && in[search] != '.') continue;
      sink(in.substr(from, search - from));
      state_ = search < in.size() ? State::after_dot : State::line_start;
      return search < in.size() ? search + 1 : search;
    }
    sink(in.substr(from));
    state_ = in.back() == '\r' ? State::after_cr : State::middle;
    return in.size();
  }

  State state_ = State::line_start;
};

}  // namespace abate::post
