// SPDX-License-Identifier: Apache-2.0
// report/html.h — a sweep as one page for people: a customer understands it, an expert finds the evidence.
//
//   write_out("report.html", html_page(outcome));
//
// One file that needs nothing else: its style stands in it, there is no script, no font, no picture from elsewhere, and
// its Content-Security-Policy allows only that style, by its hash. Works from file://, on a phone, printed, light and
// dark. Names and excerpts are shown inert (html_page.h); addresses of pages are never links. Pure.
#pragma once

#include <string>

#include "report/outcome.h"

namespace abate::report {

std::string html_page(const Outcome& outcome);

}  // namespace abate::report
