#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""must_not_compile.py FILE COMPILER...: FILE must not compile, and must say why.

FILE holds a line "// expects: REGEX". Compiled as it is, it must fail with a message that REGEX finds; compiled with
-DGOOD it must compile, so that it fails for the reason that it is about and for no other.
"""
import re
import subprocess
import sys


def compiled(file, compiler, *more):
    done = subprocess.run([*compiler, "-fsyntax-only", *more, file], stderr=subprocess.PIPE, text=True, check=False)
    return done.returncode == 0, done.stderr


def main(file, *compiler):
    with open(file, encoding="utf-8") as opened:
        expects = re.search(r"^// expects: (.+)$", opened.read(), re.MULTILINE)
    if not expects:
        sys.exit(f"{file}: no line '// expects: REGEX'")
    good, said = compiled(file, compiler, "-DGOOD")
    if not good:
        sys.exit(f"{file}: does not compile with -DGOOD either:\n{said}")
    good, said = compiled(file, compiler)
    if good:
        sys.exit(f"{file}: compiles, and must not")
    if not re.search(expects.group(1), said):
        sys.exit(f"{file}: fails without saying '{expects.group(1)}':\n{said}")


if __name__ == "__main__":
    main(*sys.argv[1:])
