// SPDX-License-Identifier: Apache-2.0
// diagnosis/diagnose.h — from leads and findings to the cause: what does the harm, how it came in, how sure that is.
//
//   Question question = first_question(host, findings);   // what to read in the logs once more
//   … trail.see(event) …; trail.settle();
//   question = second_question(host, findings, trail);    // what the clients that turned up did besides
//   … again …
//   Diagnosis diagnosis = diagnose(host, findings, trail);
//
// Pure: no files, no clock. `findings` may gain one that diagnosis made itself (a way in that stands only in a log).
// Confidence is the weight of the best story: grounds counted, not fear. Calibrated on the scenarios
// (docs/diagnosis.md).
#pragma once

#include <vector>

#include "diagnosis/story.h"
#include "diagnosis/trail.h"
#include "model/diagnosis.h"

namespace abate::diagnosis {

Question first_question(const sweep::Host& host, const std::vector<Finding>& findings);
Question second_question(const sweep::Host& host, const std::vector<Finding>& findings, const Trail& trail);

Diagnosis diagnose(const sweep::Host& host, std::vector<Finding>& findings, const Trail& trail);

// Positive grounds that the reported harm was not done by this server; empty: there are none.
std::vector<std::string> not_this_server(const sweep::Host& host, const std::vector<Finding>& findings);

// Plain words for the person, by verdict and category (R19, R36).
std::vector<std::string> next_steps(const sweep::Host& host, const Diagnosis& diagnosis);

}  // namespace abate::diagnosis
