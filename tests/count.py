#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""count.py BUILD...: says what ctest's results in BUILD/test-results are.

Prints each failed case with the end of its output, a line a room, and last "N passed, N failed". Exit code 0 only when
something ran and nothing failed. A program that ctest runs whole (abate_tests(... WHOLE)) leaves its own list of cases
in BUILD/test-results/NAME.xml and counts by that: N is always the number of cases that really ran.
"""
import collections
import pathlib
import re
import sys
import xml.etree.ElementTree as xml

OUTPUT_LINES_MAX = 40


def cases_of_program(path):
    """(case, failure text or None) for each case that a GoogleTest program says it ran."""
    for case in xml.parse(path).getroot().iter("testcase"):
        if case.get("status") == "notrun" or case.get("result") in ("skipped", "suppressed"):
            continue
        failures = [failure.get("message", "") for failure in case.iter("failure")]
        yield f'{case.get("classname")}.{case.get("name")}', "\n".join(failures) if failures else None


def cases_of(build):
    results = pathlib.Path(build) / "test-results"
    for case in xml.parse(results / "ctest.xml").getroot().iter("testcase"):
        name, output = case.get("name"), (case.findtext("system-out") or "")
        passed = case.get("status") == "run"
        own = results / f"{name}.xml"
        if own.exists():
            inner = list(cases_of_program(own))
            yield from ((f"{name}.{inside}", failure) for inside, failure in inner)
            if passed or any(failure for _, failure in inner):
                continue
        if case.get("status") in ("notrun", "disabled") and not output.strip():
            output = "did not run: " + "; ".join(e.get("message", "") for e in case if e.tag in ("skipped", "failure"))
        yield name, None if passed else output or "failed without a word"


def main(builds):
    passed, failed = collections.Counter(), collections.Counter()
    for build in builds:
        try:
            cases = list(cases_of(build))
        except (OSError, xml.ParseError) as error:
            cases = [("ctest", f"{build} left no results ({error}); see {build}/test.log")]
        for name, failure in cases:
            room = re.split(r"[./]", name)[0]
            (passed if failure is None else failed)[room] += 1
            if failure is not None:
                print(f"FAILED {build}: {name}")
                print("\n".join("    " + line for line in failure.strip().splitlines()[-OUTPUT_LINES_MAX:]))
    for room in sorted(passed | failed):
        print(f"{room:>16}: {passed[room]} passed" + (f", {failed[room]} FAILED" if failed[room] else ""))
    if not passed and not failed:
        print("no test ran: nothing has that name, or nothing was built")
    print(f"{passed.total()} passed, {failed.total()} failed")
    return 0 if passed and not failed else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
