// SPDX-License-Identifier: Apache-2.0
#include "wire/attribution_json.h"

#include <boost/json/array.hpp>

#include "base/text.h"

namespace abate::wire {

namespace json = boost::json;

json::object assignment_json(const Assignment& assignment, bool with_customer) {
  json::object out;
  out["range"] = format_range(assignment.range);
  out["from"] = format_rfc3339(assignment.from);
  out["until"] = assignment.until ? json::value(format_rfc3339(*assignment.until)) : json::value(nullptr);
  out["service_id"] = make_valid_utf8(assignment.service.id);
  out["service_name"] = make_valid_utf8(assignment.service.name);
  out["customer_id"] = make_valid_utf8(assignment.customer.id);
  if (with_customer) {
    out["customer_name"] = make_valid_utf8(assignment.customer.name);
    out["customer_email"] = make_valid_utf8(assignment.customer.email);
  }
  return out;
}

json::object attribution_json(const AttributionForm& form) {
  json::array candidates;
  for (const Assignment& candidate : form.candidates)
    candidates.push_back(assignment_json(candidate, form.with_customer));
  json::object out;
  out["verdict"] = verdict_name(form.verdict);
  out["assignment"] =
      form.assignment ? json::value(assignment_json(*form.assignment, form.with_customer)) : json::value(nullptr);
  out["candidates"] = std::move(candidates);
  out["span"] = {{"begin", format_rfc3339(form.span.begin)}, {"end", format_rfc3339(form.span.end)}};
  out["ledger_version"] = form.ledger_version;
  return out;
}

}  // namespace abate::wire
