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

// Each line as `edit` gives it, with its number from 1; whether the last one ends is kept.
std::string map_lines(std::string_view text,
                      const std::function<std::string(std::string_view line, std::uint32_t number)>& edit);
// The file, links followed, with line `line` as `edit` gives it. not_found, too_big; stale where it has no such line.
Result<Change> edit_line(const sweep::Host& host, const std::string& path, std::uint32_t line,
                         const std::function<std::string(std::string_view)>& edit);
// The line becomes a comment, with who did it.
Result<Change> comment_line(const sweep::Host& host, const std::string& path, std::uint32_t line);
std::string as_comment(std::string_view line);
// The account's line in /etc/shadow: its nine fields (shadow(5)). not_found.
using ShadowFields = std::vector<std::string>;
constexpr std::size_t kShadowHash = 1;
constexpr std::size_t kShadowChangedOn = 2;  // day since 1970; 0 asks for a new password
constexpr std::size_t kShadowEndsOn = 7;     // day; keys are refused after it too
Result<Change> edit_shadow(const sweep::Host& host, const std::string& account,
                           const std::function<void(ShadowFields&)>& edit);
// "!" before the hash: no password fits it any more (shadow(5)).
void lock_password(ShadowFields& fields);
// Does systemd run this server now?
bool has_systemd(const sweep::Host& host);
// argv that makes the unit read its configuration again; empty without systemd.
std::vector<std::vector<std::string>> reload(const sweep::Host& host, const std::string& unit);
// Stops and masks the unit, as systemd itself does, also on a mounted disk. malformed for a name that is none.
Result<Work> mask_unit(const sweep::Host& host, const Subject& subject);

Change write_change(const std::string& path, std::string bytes, std::string says);
Change remove_change(const std::string& path);
// A folder with all that is in it, the deepest first. too_big: more than kFolderNodesMax. refused: it holds what is
// neither file, link nor folder.
constexpr std::size_t kFolderNodesMax = 5000;
Result<std::vector<Change>> remove_folder_changes(const sweep::Host& host, const std::string& path);
Change restrict_change(const std::string& path, std::uint16_t mode);
Change mode_change(const std::string& path, std::uint16_t mode);
Change folder_change(const std::string& path, std::uint16_t mode = 0755);
Change link_change(const std::string& path, std::string target, std::string says);
Change run_change(std::vector<std::string> argv, std::vector<std::string> undo_argv, std::string says);
// The file with all of `line` added as a line of its own at its end; a new file where there is none.
Result<Change> append_line(const sweep::Host& host, const std::string& path, std::string_view line);

// A directive that opens a service to strangers, and what closes it (doors.cc).
Result<Work> close_door(const sweep::Host& host, const Subject& subject);

}  // namespace abate::remedy
