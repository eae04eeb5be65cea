#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Each rule of the house refuses what breaks it: breaks each one in a made-up tree, and looks at what is said.

    refusals_test.py TREE CMAKE [unittest's options]
"""
import pathlib
import subprocess
import sys
import tempfile
import unittest

TREE, CMAKE = pathlib.Path(sys.argv[1]), sys.argv[2]
LICENCE = "// SPDX-License-Identifier: Apache-2.0\n"
GOOD = LICENCE + '#include <string>\n#include "base/text.h"\n'


def run(*command):
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    return done.returncode, " ".join(done.stdout.split())


class House(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.tree = pathlib.Path(folder.name)
        (self.tree / "cmake").mkdir()
        (self.tree / "cmake/Rooms.cmake").write_bytes((TREE / "cmake/Rooms.cmake").read_bytes())
        self.write("src/base/text.h", LICENCE)
        self.write("src/base/text.cc", GOOD)
        self.write("src/model/ticket.cc", GOOD)
        self.write("src/store/store.cc", GOOD)
        self.cmake_lists('abate_room(model USES base)\nabate_room(store USES model base)')

    def write(self, name, text):
        (self.tree / name).parent.mkdir(parents=True, exist_ok=True)
        (self.tree / name).write_text(text, encoding="utf-8")

    def cmake_lists(self, rooms):
        # Without a language nothing is compiled, so configuring takes no time.
        self.write("CMakeLists.txt", "# SPDX-License-Identifier: Apache-2.0\ncmake_minimum_required(VERSION 3.25)\n"
                   "project(made_up NONE)\nadd_library(abate_flags INTERFACE)\n"
                   "add_library(abate_pch STATIC src/base/text.cc)\ninclude(cmake/Rooms.cmake)\n"
                   f"abate_room(base)\n{rooms}\n")

    def configure(self):
        return run(CMAKE, "-S", self.tree, "-B", self.tree / "build", "-Wno-dev")

    def check(self, what):
        self.configure()  # leaves the table in build/rooms.txt, as it does for the real tree
        table = [self.tree / "build/rooms.txt"] if what == "includes" else []
        return run(sys.executable, TREE / "tests/house/tree.py", what, *table, self.tree)

    def assert_refused(self, answer, *words):
        status, said = answer
        self.assertNotEqual(status, 0, said)
        for word in words:
            self.assertIn(word, said)

    # --- #include
    def test_the_made_up_tree_is_good_before_it_is_broken(self):
        for what in "includes", "files":
            status, said = self.check(what)
            self.assertEqual(status, 0, said)

    def test_an_include_that_the_table_forbids_is_refused_with_file_and_line(self):
        self.write("src/model/ticket.cc", GOOD + '#include "store/statements.h"\n')
        self.assert_refused(self.check("includes"), "src/model/ticket.cc:4: 'model' may not use 'store'", "it may use base")

    def test_a_forbidden_include_hides_behind_no_spelling(self):
        for spelling in ('#include <store/a.h>', '  #  include"store/a.h"', '%:include "store/a.h"', '#include "base/../store/a.h"',
                         '#include "./store/a.h"', '#include "../store/a.h"', '#include A_MACRO', '#include "a.h"'):
            self.write("src/model/ticket.cc", LICENCE + spelling + "\n")
            self.assert_refused(self.check("includes"), "src/model/ticket.cc:2: ")

    def test_nobody_uses_apps(self):
        self.write("src/store/store.cc", GOOD + '#include "apps/abated.h"\n')
        self.assert_refused(self.check("includes"), "'store' may not use 'apps'")

    def test_a_file_outside_of_the_rooms_is_refused(self):
        for name in "src/stray.cc", "src/cellar/wine.h":
            self.write(name, GOOD)
            self.assert_refused(self.check("includes"), f"{name}:1: this file is in no room")

    def test_a_tree_without_sources_is_no_success(self):
        status, said = run(sys.executable, TREE / "tests/house/tree.py", "includes", "/dev/null", self.tree / "cmake")
        self.assertEqual(status, 1, said)

    # --- links
    def test_rooms_that_the_table_allows_configure(self):
        answer = self.configure()
        self.assertIn("Configuring done", answer[1])

    def test_a_link_that_the_table_forbids_does_not_configure(self):
        self.cmake_lists("abate_room(store USES model base)\nabate_room(model USES base store)")
        self.assert_refused(self.configure(), "'model' may not use 'store' (allowed: base). Move the code instead.")

    def test_a_room_is_not_linked_as_a_package(self):
        self.cmake_lists("abate_room(store USES model base)\nabate_room(model USES base PACKAGES abate_store)")
        self.assert_refused(self.configure(), "'abate_store' is no package")

    def test_a_room_that_the_table_does_not_name_does_not_configure(self):
        self.write("src/cellar/wine.cc", GOOD)
        self.cmake_lists("abate_room(cellar USES base)")
        self.assert_refused(self.configure(), "no room is called 'cellar'")

    # --- files
    def test_a_file_without_its_licence_line_is_refused(self):
        self.write("src/base/text.h", "// text\n")
        self.assert_refused(self.check("files"), "src/base/text.h:1: no licence line")

    def test_a_long_file_wants_a_reason(self):
        self.write("src/base/text.cc", LICENCE + "//\n" * 500)
        self.assert_refused(self.check("files"), "src/base/text.cc:500: 501 lines")
        self.write("src/base/text.cc", LICENCE + "// long: a table of all charsets\n" + "//\n" * 500)
        status, said = self.check("files")
        self.assertEqual(status, 0, said)

    def test_what_is_left_lying_about_is_refused(self):
        for word in "TO" + "DO", "FIX" + "ME", "NO" + "LINT(x)", "DISABLED" + "_a_test", "GTEST_" + "SKIP()":
            self.write("tests/base/text_test.cc", LICENCE + f"// {word} later\n")
            self.assert_refused(self.check("files"), "tests/base/text_test.cc:2: ", "left lying about")


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1] + sys.argv[3:])
