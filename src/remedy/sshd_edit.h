// SPDX-License-Identifier: Apache-2.0
// remedy/sshd_edit.h — settings of OpenSSH's server: who could still come in once they hold, and the changes that make
// them hold. Pure.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "remedy/change.h"
#include "sweep/host/config/sshd.h"
#include "sweep/kit/host.h"

namespace abate::remedy {

// For all sessions, so that the first value which sshd meets is this one: the line that counts today is changed; where
// none does, our own drop-in (where the configuration reads drop-ins first), else the commented default, else a new
// first line. Lines within a Match stay.
using SshdSettings = std::vector<std::pair<std::string, std::string>>;  // "PermitRootLogin" -> "no"
Result<Work> set_sshd(const sweep::Host& host, const SshdSettings& settings);

// Ways to root that stay open for sure: "anna, by the key in /home/anna/.ssh/authorized_keys:1, with sudo". Only what
// is certain counts: a key with options that may refuse it, a group that nobody may be in, a condition of a Match leave
// a way out. Empty: whoever asks may be locked out.
struct WaysAsked {
  bool passwords = false;      // count log-ins by password too
  bool root_password = false;  // root's among them
};
std::vector<std::string> ways_to_root(const sweep::Host& host, const sweep::Sshd& sshd, const WaysAsked& asked);

}  // namespace abate::remedy
