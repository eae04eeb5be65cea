// SPDX-License-Identifier: Apache-2.0
// sweep/host/config/sshd.h — sshd_config(5) with its Include lines, in the order in which sshd reads them.
//
// For each keyword the first value counts, outside of Match or in the Match that fits; whoever asks decides. Keywords
// are lower case, values as written without their quotes. Bounded: kSshdFilesMax files, kSshdLinesMax lines.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "sweep/kit/tree.h"

namespace abate::sweep {

constexpr std::size_t kSshdFilesMax = 64;
constexpr std::size_t kSshdLinesMax = 5000;

struct SshdLine {
  std::string keyword;  // "authorizedkeysfile"
  std::string value;    // ".ssh/authorized_keys .ssh/authorized_keys2"
  std::string match;    // "User git", of the Match that holds it; "" outside
  std::string path;
  std::uint32_t line = 0;
};

std::vector<SshdLine> read_sshd(const Tree& tree, std::string_view path = "/etc/ssh/sshd_config");
// The first value outside of any Match; "" where there is none.
std::string_view sshd_value(const std::vector<SshdLine>& lines, std::string_view keyword);

}  // namespace abate::sweep
