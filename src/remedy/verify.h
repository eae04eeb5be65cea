// SPDX-License-Identifier: Apache-2.0
// remedy/verify.h — is the harm gone, and its cause? Each check can fail: every change that abate made is compared with
// what is there now, and everything that a new sweep finds counts unless a change that still stands answers it.
//
// What only a log tells is past once it lies before the last change; what it tells of afterwards is not.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "model/finding.h"
#include "model/reply.h"
#include "remedy/executor/executor.h"
#include "remedy/live_check.h"
#include "remedy/sent_since.h"
#include "sweep/kit/host.h"

namespace abate::remedy {

struct Stands {  // an action that was done, looked at again
  DoneAction action;
  bool holds = false;              // no path of it was changed since
  std::vector<std::string> paths;  // those compared; empty for an action that only started or ended programs
  std::string tried;               // "compared /var/www/x.php with what abate left"
  std::string seen;
};
// Of all actions that were done and not undone; of several changes to one path the last counts.
Result<std::vector<Stands>> standing(const Where& where);

// A file that abate took from where it was because it did harm, by what is in it.
struct PutAway {
  std::string path;        // where it was
  std::uint64_t size = 0;  // bytes
  std::string sha256;
};
// Of all actions that were done and not undone; each content once. Nothing of what may not be opened (law 10), nor of
// what is the owner's own.
Result<std::vector<PutAway>> put_away(const Where& where);

// Those of them that are there again, or still, whatever they are called.
struct CopiesSeen {
  std::vector<PutAway> sought;
  struct Copy {
    std::string path;
    std::uint32_t pid = 0;  // of a program that runs; 0: a file
    std::string sha256;
  };
  std::vector<Copy> copies;
  bool is_whole = true;  // all that could be one was read
};

struct AlsoSeen {  // by the sweep, beside what it found
  CopiesSeen copies;
  std::optional<SentTold> sent;  // where abate changed something
};

// Action -> the findings that its plan named it for.
using NamedFindings = std::map<std::string, std::vector<std::string>>;

struct Verified {
  bool gone = false;
  std::vector<Proof> proofs;
  std::vector<Finding> left;                                      // malicious or weak, and not answered
  std::vector<std::pair<std::string, std::string>> not_examined;  // what was tried of the services and told nothing
  bool is_in_doubt = false;  // nothing is left, and too little was seen of the services to say that it is gone
};
// A finding is answered by an action that names it, still stands, and changed the thing itself: rotating a site's
// secrets or answering 410 leaves a shell where it is. What only started or ended programs answers nothing: the sweep
// looks anew. What abate put away must not start again by itself either: that is looked up in all that starts with the
// server, or runs now; and the same bytes must lie nowhere else, nor run.
// Whoever handed in what a report of spam is about must have delivered nothing to others since the last change.
Verified verify(const std::vector<Stands>& stands, const NamedFindings& named, const std::vector<Finding>& findings,
                const sweep::Host& host, Instant now, const std::vector<LiveTry>& tried = {},
                const AlsoSeen& also = {});

}  // namespace abate::remedy
