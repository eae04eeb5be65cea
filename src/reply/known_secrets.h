// SPDX-License-Identifier: Apache-2.0
// reply/known_secrets.h — the secrets that this server itself holds, so that none of them leaves it in an answer, in
// whatever words it stands there: what a form alone does not tell (reply/redact.h).
//
//   const SecretSources sources = secret_sources(host, findings);
//   Redactor redactor{own_domains(host), known_secrets(*host.tree, sources)};
//
// Read are the configurations of its sites and services, the files of passwords, its private keys, and what the
// findings cite; never where a case is about what nobody may open (law 10). What counts: values of what is called a
// password, key, salt or the like, in program text only where they are quoted; hashes and passwords of files of
// accounts; lines of private keys. Names that are no secret (accounts, domains, applications) do not count, though
// somebody uses one as a password. Bounded: kSourcesMax files of kSourceBytesMax, kSecretsMax secrets.
//
// SECURITY: what comes from here stays in memory; it is written nowhere.
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "model/finding.h"
#include "sweep/kit/host.h"
#include "sweep/kit/tree.h"

namespace abate::reply {

constexpr std::size_t kSourcesMax = 1000;
constexpr std::size_t kSourceBytesMax = std::size_t{1} << 20;
constexpr std::size_t kSecretsMax = 5000;
constexpr std::size_t kSecretBytesMin = 6;  // shorter ones would be found in every second word

struct SecretSources {
  std::vector<std::string> files;
  std::set<std::string, std::less<>> public_names;  // lower case
};
SecretSources secret_sources(const sweep::Host& host, const std::vector<Finding>& findings);
// Each once, and as a URL would write it, and as names are shown.
std::vector<std::string> known_secrets(const sweep::Tree& tree, const SecretSources& sources);
// Of one file, by its name and content.
std::set<std::string, std::less<>> secrets_in(std::string_view path, std::string_view text);

}  // namespace abate::reply
