#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The rules of the house that a compiler does not know.

    tree.py includes ROOMS TREE    every #include in TREE/src is one that the table ROOMS (room = room...) allows
    tree.py files TREE             licence lines, lengths, nothing left lying about

Each offence is one line "file:line: what is wrong; what to do". Exit code 1 when there is one. There is no list of
exceptions: move the code instead.
"""
import os
import pathlib
import posixpath
import re
import sys

LINES_MAX = 500
CODE = {".h", ".cc", ".inc", ".ipp"}
SOURCE = CODE | {".cmake", ".py", ".sh", ".sql", ".js", ".mjs", ".css"}
PASSED_OVER = {".git", "build", "node_modules", "corpus", "samples"}
INCLUDE = re.compile(r"^\s*(?:#|%:)\s*(?:include|include_next|import)\b\s*(.*)")
# Written in two halves, or this file would find itself.
LEFT_OVER = re.compile(r"\b(" + "|".join(a + b for a, b in (
    ("TO", "DO"), ("FIX", "ME"), ("XX", r"X\b"), ("NO", "LINT"), ("GTEST_", "SKIP"), ("DISABLED", "_"))) + ")")


def files_beneath(folder):
    for at, folders, names in os.walk(folder):
        folders[:] = sorted(f for f in folders if f not in PASSED_OVER)
        yield from (pathlib.Path(at, name) for name in sorted(names))


def lines_of(path):
    return path.read_text(encoding="utf-8", errors="replace").splitlines()


class Rooms:
    def __init__(self, table):
        rows = (line.split("=") for line in lines_of(pathlib.Path(table)) if line.strip())
        self.may_use = {room.strip(): set(used.split()) for room, used in rows}

    def of(self, path):
        """The room of a path written from src/: the longest name that leads it; None when there is none."""
        fits = (room for room in self.may_use if path.startswith(room + "/"))
        return max(fits, key=len, default=None)


def refusal(rooms, room, rest):
    """Why a file in `room` may not say #include `rest`; None when it may."""
    named = re.match(r'(?:"([^"]*)"|<([^>]*)>)', rest)
    if not named:
        return "the name of an #include is written out, so that it can be checked"
    quoted, angled = named.groups()
    path = quoted if quoted is not None else angled
    used = rooms.of(posixpath.normpath(path))
    if ".." in path.split("/") or (quoted is not None and used is None):
        return f'"{path}" is no path that starts with a room; write "room/file.h", and <file.h> for a library\'s header'
    if used is None or used == room or used in rooms.may_use[room]:
        return None
    allowed = ", ".join(sorted(rooms.may_use[room])) or "no other room"
    return (f"'{room}' may not use '{used}' (\"{path}\"); it may use {allowed} (cmake/Rooms.cmake). Move the code, or "
            "declare a port in desk/ports that the outer room implements")


def check_includes(table, tree):
    rooms = Rooms(table)
    src = pathlib.Path(tree, "src")
    seen = 0
    for file in files_beneath(src):
        if file.suffix not in CODE:
            continue
        seen += 1
        inside = file.relative_to(src).as_posix()
        room = rooms.of(inside)
        if room is None:
            yield f"src/{inside}:1: this file is in no room; cmake/Rooms.cmake names them all"
            continue
        for number, line in enumerate(lines_of(file), 1):
            found = INCLUDE.match(line)
            why = refusal(rooms, room, found.group(1)) if found else None
            if why:
                yield f"src/{inside}:{number}: {why}"
    if not seen:
        yield f"{src}:1: holds no source; is this the right tree?"


def is_source(file):
    if file.suffix in SOURCE or file.name == "CMakeLists.txt":
        return True
    if file.suffix:
        return False
    with file.open("rb") as opened:
        return opened.read(2) == b"#!"


def check_files(tree):
    tree = pathlib.Path(tree)
    for file in files_beneath(tree):
        if file.is_symlink() or not is_source(file):
            continue
        name = file.relative_to(tree).as_posix()
        lines = lines_of(file)
        if not any("SPDX-License-Identifier: Apache-2.0" in line for line in lines[:3]):
            yield f"{name}:1: no licence line; begin with '// SPDX-License-Identifier: Apache-2.0'"
        if name.startswith("src/") and len(lines) > LINES_MAX and not any(
                re.match(r"\s*(//|#|--) long: \S", line) for line in lines):
            yield f"{name}:{LINES_MAX}: {len(lines)} lines; part the file, or say '// long: why' in it"
        for number, line in enumerate(lines, 1):
            left = LEFT_OVER.search(line)
            if left:
                yield f"{name}:{number}: '{left.group(1)}' is left lying about; do it now, or file an issue"


def main(arguments):
    checks = {"includes": (check_includes, 2), "files": (check_files, 1)}
    check, wants = checks.get(arguments[0] if arguments else "", (None, 0))
    if check is None or len(arguments) != wants + 1:
        sys.exit(__doc__)
    offences = list(check(*arguments[1:]))
    print("\n".join(offences) or f"{arguments[0]}: nothing wrong")
    return 1 if offences else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
