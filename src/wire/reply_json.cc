// SPDX-License-Identifier: Apache-2.0
#include "wire/reply_json.h"

#include <algorithm>
#include <set>

#include <boost/json/array.hpp>

#include "base/text.h"
#include "wire/sweep_json.h"

namespace abate::wire {

namespace json = boost::json;

namespace {

json::value ticket_json(const std::string& ticket) {
  return ticket.empty() ? json::value(nullptr) : json::value(shown_name(ticket));
}

json::array proofs_json(const std::vector<Proof>& proofs) {
  json::array out;
  for (const Proof& proof : proofs)
    out.push_back({{"id", proof.id},
                   {"about", proof.about},
                   {"tried", make_valid_utf8(proof.tried)},
                   {"seen", make_valid_utf8(proof.seen)},
                   {"service", proof.service},
                   {"good", proof.good},
                   {"at", format_rfc3339_exact(proof.at)},
                   {"hash", proof.hash}});
  return out;
}

json::array part_json(const std::vector<Statement>& part, std::set<std::string_view>& ids) {
  json::array out;
  for (const Statement& statement : part) {
    json::array proof;
    for (const std::string& id : statement.proof) {
      ids.insert(id);
      proof.emplace_back(id);
    }
    out.push_back({{"says", shown_text(statement.says, kSentenceBytesMax)},
                   {"standing", standing_name(statement.standing)},
                   {"proof", std::move(proof)}});
  }
  return out;
}

}  // namespace

json::object reply_json(const Reply& reply, const std::vector<Finding>& findings, const json::array& earlier) {
  std::set<std::string_view> ids;
  json::object form;
  form["schema"] = "abate.reply/1";
  form["ticket"] = ticket_json(reply.ticket);
  form["cause"] = part_json(reply.cause, ids);
  form["done"] = part_json(reply.done, ids);
  form["confirmed"] = part_json(reply.confirmed, ids);
  form["prevention"] = part_json(reply.prevention, ids);
  form["text"] = make_valid_utf8(reply.text);
  form["proofs"] = proofs_json(reply.proofs);
  json::array named;
  for (const Finding& finding : findings)
    if (ids.contains(finding.id)) named.emplace_back(finding_json(finding));
  for (const json::value& finding : earlier) {
    const json::object* one = finding.if_object();
    const json::value* id = one == nullptr ? nullptr : one->if_contains("id");
    if (id != nullptr && id->is_string() && ids.contains(std::string_view{id->get_string()}) &&
        std::ranges::none_of(findings, [&](const Finding& known) { return known.id == id->get_string(); }))
      named.push_back(finding);
  }
  form["findings"] = std::move(named);
  return form;
}

json::object verification_json(const std::string& ticket, const std::string& root, Instant at, bool gone,
                               const std::vector<Proof>& proofs, const std::vector<Finding>& left,
                               const std::vector<std::pair<std::string, std::string>>& not_examined) {
  json::object form;
  form["schema"] = "abate.verification/1";
  form["ticket"] = ticket_json(ticket);
  form["root"] = shown_name(root);
  form["at"] = format_rfc3339(at);
  form["gone"] = gone;
  form["proofs"] = proofs_json(proofs);
  json::array findings;
  for (const Finding& finding : left) findings.emplace_back(finding_json(finding));
  form["findings"] = std::move(findings);
  json::array passed;
  for (const auto& [what, why] : not_examined)
    passed.push_back({{"what", shown_name(what)}, {"why", shown_text(why, 1000)}});
  form["not_examined"] = std::move(passed);
  return form;
}

}  // namespace abate::wire
