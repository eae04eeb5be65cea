// SPDX-License-Identifier: Apache-2.0
// remedy/edit.h — how actions make their changes: a line of a configuration, a field of /etc/shadow, a unit. Lines keep
// their numbers, so that two actions on one file do not disturb each other; comments and formatting survive. Pure: they
// read by the host's tree and return data.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>

#include "base/result.h"
#include "model/finding.h"
#include "remedy/change.h"
#include "sweep/kit/host.h"

namespace abate::remedy {

constexpr std::size_t kEditedBytesMax = std::size_t{8} << 20;

// The file with line `line` (from 1) as `edit` gives it. not_found, too_big; stale where the file has no such line.
Result<Change> edit_line(const sweep::Host& host, const std::string& path, std::uint32_t line,
                         const std::function<std::string(std::string_view)>& edit);
// The line becomes a comment, with who did it.
Result<Change> comment_line(const sweep::Host& host, const std::string& path, std::uint32_t line);
// One field (from 0) of the account's line in /etc/shadow. not_found.
Result<Change> edit_shadow(const sweep::Host& host, const std::string& account, std::size_t field,
                           const std::function<std::string(std::string_view)>& edit);
// Does systemd run this server now?
bool has_systemd(const sweep::Host& host);
// argv that makes the unit read its configuration again; empty without systemd.
std::vector<std::vector<std::string>> reload(const sweep::Host& host, const std::string& unit);
// Stops and masks it: as systemd itself does, also on a mounted disk.
Work mask_unit(const sweep::Host& host, std::string unit);

Change remove_change(const std::string& path);
Change restrict_change(const std::string& path, std::uint16_t mode);

// A directive that opens a service to strangers, and what closes it (doors.cc).
Result<Work> close_door(const sweep::Host& host, const Subject& subject);

}  // namespace abate::remedy
