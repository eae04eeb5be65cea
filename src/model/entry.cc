// SPDX-License-Identifier: Apache-2.0
#include "model/entry.h"

#include <boost/json.hpp>

#include "base/canonical_json.h"
#include "base/hash.h"
#include "base/text.h"
#include "model/words.h"

namespace abate {
namespace {

using enum EntryKind;
constexpr std::array kKinds{
    Word{reported, "reported"},
    Word{opened, "opened"},
    Word{incident_added, "incident_added"},
    Word{notice_queued, "notice_queued"},
    Word{notice_sent, "notice_sent"},
    Word{notice_bounced, "notice_bounced"},
    Word{viewed, "viewed"},
    Word{reminded, "reminded"},
    Word{reply, "reply"},
    Word{note, "note"},
    Word{claim, "claim"},
    Word{proof, "proof"},
    Word{probe, "probe"},
    Word{accepted, "accepted"},
    Word{refused, "refused"},
    Word{closed, "closed"},
    Word{reopened, "reopened"},
    Word{extended, "extended"},
    Word{overdue, "overdue"},
    Word{merged, "merged"},
    Word{split, "split"},
    Word{assigned, "assigned"},
    Word{dismissed, "dismissed"},
    Word{measure_proposed, "measure_proposed"},
    Word{measure_approved, "measure_approved"},
    Word{measure_in_force, "measure_in_force"},
    Word{measure_failed, "measure_failed"},
    Word{measure_lifted, "measure_lifted"},
    Word{notice_failed, "notice_failed"},
    Word{received, "received"},
};

std::string quoted(std::string_view text) { return canonical_json(boost::json::value(text)); }

}  // namespace

std::string_view entry_kind_name(EntryKind kind) { return word_of(kKinds, kind); }
std::optional<EntryKind> parse_entry_kind(std::string_view name) { return find_word(kKinds, name); }

std::string entry_hash(const Entry& entry) {
  // The body is canonical already; the keys stand here in their sorted order.
  return sha256_hex(fmt::format(R"({{"actor":{},"at":"{}","body":{},"kind":"{}","prev":"{}","seq":{},"stream":{}}})",
                                quoted(entry.actor), format_rfc3339_exact(entry.at), entry.body,
                                entry_kind_name(entry.kind), entry.prev, entry.seq, quoted(entry.stream)));
}

}  // namespace abate
