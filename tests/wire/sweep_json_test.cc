// SPDX-License-Identifier: Apache-2.0
// The JSON forms of sweep, diagnosis and plan, held against docs/schemas.
#include "wire/sweep_json.h"

#include <regex>

#include <gtest/gtest.h>

#include "base/text.h"
#include "report/samples.h"
#include "support/schema.h"

namespace abate::wire {
namespace {

using report::Outcome;
using test::Schema;
namespace json = boost::json;
namespace samples = report::samples;

SweepForm form_of(const Outcome& outcome) {
  SweepForm form;
  form.root = outcome.root;
  form.live = outcome.live;
  form.os = outcome.os;
  form.machine_id = "0123456789abcdef0123456789abcdef";
  form.started_at = outcome.started_at;
  form.finished_at = outcome.finished_at;
  form.findings = outcome.findings;
  form.not_examined = outcome.not_examined;
  form.files = outcome.files;
  form.wall_seconds = outcome.wall_seconds;
  return form;
}

// The hostile sample's ids and kinds are hostile too, which ours never are: those are made well again.
Outcome hostile() {
  Outcome outcome = samples::hostile_server();
  std::erase_if(outcome.findings, [](const Finding& finding) { return finding.detector.starts_with("evil"); });
  for (Finding& finding : outcome.findings) finding.leads = {"url:" + samples::kHostile};
  for (Action& action : outcome.plan->actions) {
    action.kind = "quarantine_file";
    action.requirement = "R20";
    action.id = action_id(action);
  }
  return outcome;
}

void expect_inert(const json::object& form) {
  std::string text = json::serialize(form);
  EXPECT_EQ(text.find("\\u00"), text.npos) << "a control character came raw";
  EXPECT_TRUE(is_valid_utf8(text));
  for (const char* never : {"\xe2\x80\xae", "\xc2\x9b", "\x7f", "\x1b"}) EXPECT_EQ(text.find(never), text.npos);
}

TEST(SweepForm, every_sample_holds_the_schema) {
  for (const Outcome& outcome : {samples::clean_server(), samples::compromised_server(), hostile(), Outcome{}})
    EXPECT_EQ(Schema("sweep").breach(sweep_json(form_of(outcome))), "");
}

TEST(SweepForm, what_the_contract_shows_holds_the_schema) {
  const json::value form = json::parse(R"({"schema": "abate.sweep/1", "root": "/", "live": true,
    "host": {"os": "Debian 12", "machine_id": "x"}, "started_at": "2026-01-02T03:04:05Z", "finished_at": "2026-01-02T03:04:05Z",
    "findings": [{"id": "f0123456789ab", "detector": "php_decoded_eval", "area": "web", "severity": "malicious",
      "subject": {"kind": "file", "path": "/var/www/html/x.php", "line": 1}, "at": null,
      "why": "PHP runs a decoded blob", "evidence": ["x"], "leads": ["url:http://x.example"]}],
    "not_examined": [{"what": "/var/lib/mysql/wp/*.ibd", "why": "database pages are not read offline"}],
    "stats": {"files": 0, "bytes": 0, "log_lines": 0, "wall_seconds": 0.0, "peak_memory_bytes": 0}})");
  EXPECT_EQ(Schema("sweep").breach(form), "");
}

TEST(SweepForm, the_schema_refuses_what_breaks_the_contract) {
  const auto breach = [](auto change) {
    json::object form = sweep_json(form_of(samples::compromised_server()));
    change(form, form["findings"].as_array()[0].as_object());
    return Schema("sweep").breach(form);
  };
  EXPECT_NE(breach([](auto& form, auto&) { form.erase("not_examined"); }), "");
  EXPECT_NE(breach([](auto&, auto& finding) { finding["severity"] = "critical"; }), "");
  EXPECT_NE(breach([](auto&, auto& finding) { finding["area"] = "disk"; }), "");
  EXPECT_NE(breach([](auto&, auto& finding) { finding["id"] = "7"; }), "");
  EXPECT_NE(breach([](auto&, auto& finding) { finding["at"] = "2026-01-02 03:04"; }), "");
  EXPECT_NE(breach([](auto&, auto& finding) { finding["subject"].as_object()["kind"] = "socket"; }), "");
  EXPECT_NE(breach([](auto& form, auto&) { form["stats"].as_object()["files"] = -1; }), "");
}

TEST(DiagnosisForm, it_holds_the_schema_and_carries_the_findings_that_it_names) {
  for (const Outcome& outcome : {samples::compromised_server(), hostile()}) {
    const json::object form = diagnosis_json(*outcome.diagnosis, outcome.findings);
    EXPECT_EQ(Schema("diagnosis").breach(form), "");
    EXPECT_EQ(form.at("findings").as_array().size(), outcome.diagnosis->cause.size());
  }
  EXPECT_EQ(Schema("diagnosis").breach(diagnosis_json({}, {})), "");
}

TEST(DiagnosisForm, the_schema_refuses_an_unknown_verdict_or_entry) {
  const Outcome outcome = samples::compromised_server();
  json::object form = diagnosis_json(*outcome.diagnosis, outcome.findings);
  form["verdict"] = "guilty";
  EXPECT_NE(Schema("diagnosis").breach(form), "");
  form = diagnosis_json(*outcome.diagnosis, outcome.findings);
  form["entry"].as_object()["kind"] = "magic";
  EXPECT_NE(Schema("diagnosis").breach(form), "");
  form["entry"] = nullptr;
  EXPECT_EQ(Schema("diagnosis").breach(form), "");
  form["confidence"] = 1.5;
  EXPECT_NE(Schema("diagnosis").breach(form), "");
}

TEST(PlanForm, it_holds_the_schema_and_carries_the_findings_that_it_names) {
  for (const Outcome& outcome : {samples::compromised_server(), hostile()})
    EXPECT_EQ(Schema("plan").breach(plan_json(*outcome.plan, outcome.findings)), "");
  EXPECT_EQ(Schema("plan").breach(plan_json({}, {})), "");
  const Outcome outcome = samples::compromised_server();
  EXPECT_EQ(plan_json(*outcome.plan, outcome.findings).at("findings").as_array().size(), 4U);
}

TEST(SweepForms, no_byte_of_the_server_comes_raw) {
  const Outcome outcome = samples::hostile_server();
  expect_inert(sweep_json(form_of(outcome)));
  expect_inert(diagnosis_json(*outcome.diagnosis, outcome.findings));
  expect_inert(plan_json(*outcome.plan, outcome.findings));
}

TEST(SweepForms, a_path_can_be_read_back_from_what_is_shown) {
  Finding finding;
  finding.subject = file_subject("/a\\x1b\n\xff");
  EXPECT_EQ(finding_json(finding).at("subject").at("path"), "/a\\\\x1b\\x0a\\xff");
}

}  // namespace
}  // namespace abate::wire
