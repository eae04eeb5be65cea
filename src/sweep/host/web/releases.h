// SPDX-License-Identifier: Apache-2.0
// sweep/host/web/releases.h — the files of known releases of applications, and which application of this server is one.
//
//   Releases releases = load_releases(host, "/etc/abate/rules", notes);   // "": the product's own lists alone
//
// A list is a file of checksums/ (docs/rules.md): NAME-VERSION.tsv, or NAME-VERSION.json as WordPress' own server gives
// it. Where Debian's package of an application of that version is installed, its files are a release too. Only the
// lists of what is installed here are kept. A list is believed for an application only when of a sample of its files,
// as they lie there, nearly all are the list's: a distribution's or a translated release differs in more than an
// intruder changes. Immutable, so thread-safe.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "sweep/host/open_host.h"
#include "sweep/kit/host.h"

namespace abate::sweep {

constexpr std::size_t kReleaseListBytesMax = std::size_t{8} << 20;
constexpr std::size_t kReleaseFilesMax = 50'000;  // of one release
constexpr std::size_t kReleaseSample = 40;      // files of an application that are compared before its list is believed
constexpr std::size_t kReleaseSampleShare = 9;  // of ten that must be the list's

struct ReleaseList {
  std::string name;  // "wordpress"
  std::string version;
  std::map<std::string, std::string, std::less<>> md5;  // path beneath the application's folder -> hex
};
// "# wordpress 6.1.1" and lines "MD5<TAB>path", or JSON with "checksums": {path: md5}. `file_name` is NAME-VERSION.*.
Result<ReleaseList> parse_release_list(std::string_view text, std::string_view file_name);

// `folder` is that of --rules, on the machine that sweeps; "" where there is none.
std::unique_ptr<Releases> load_releases(const Host& host, const std::string& folder, Notes& notes);

}  // namespace abate::sweep
