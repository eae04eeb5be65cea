# SPDX-License-Identifier: Apache-2.0
"""A small real Debian beneath a folder, made of what is installed here: no network, a few seconds.

    small_debian.make(pathlib.Path("/tmp/x/root"), ["bash", "coreutils", "postfix"])

The files of the packages, of all that they depend on and of what every Debian has are copied as dpkg lists them, with dpkg's own records of them, so
that whoever looks at the root sees a system whose programs are what was installed. Accounts are this system's, without
those of people.
"""
import os
import pathlib
import re
import shutil
import subprocess

INFO = pathlib.Path("/var/lib/dpkg/info")
PEOPLE_FROM_UID = 1000
LINKS = {"var/run": "../run", "var/lock": "../run/lock", "bin": "usr/bin", "sbin": "usr/sbin", "lib": "usr/lib", "lib64": "usr/lib64"}
FOLDERS = ("dev", "etc", "home", "proc", "root", "run/lock", "sys", "tmp", "usr/local/bin", "var/lib/dpkg/info", "var/log", "var/tmp")


def records():
    """package -> its stanza of dpkg's status file; what is provided by another name is found too."""
    found, provided = {}, {}
    for stanza in pathlib.Path("/var/lib/dpkg/status").read_text().split("\n\n"):
        fields = dict(re.findall(r"^([A-Za-z-]+): (.*)$", stanza, re.M))
        if fields.get("Status", "").endswith(" installed"):
            found[fields["Package"]] = (stanza, fields)
            for name in re.findall(r"([a-z0-9.+-]+)(?: \([^)]*\))?", fields.get("Provides", "")):
                provided.setdefault(name, fields["Package"])
    return found, provided


def closure(wanted):
    found, provided = records()
    todo, names = [*wanted, *(name for name, (_, fields) in found.items() if fields.get("Essential") == "yes")], set()
    while todo:
        name = todo.pop()
        name = name if name in found else provided.get(name)
        if name is None or name in names:
            continue
        names.add(name)
        fields = found[name][1]
        for group in f'{fields.get("Depends", "")}, {fields.get("Pre-Depends", "")}'.split(","):
            todo += [one for one in (re.sub(r"[ :(].*", "", choice.strip()) for choice in group.split("|")) if one][:1]
    missing = [name for name in wanted if name not in names]
    assert not missing, f"not installed: {missing}"
    return {name: found[name] for name in sorted(names)}


def copy_files(root, listing):
    """Each path of dpkg's list, with mode, owner and times; a folder without what else lies in it."""
    for line in listing:
        source = pathlib.Path(line)
        inside = root / os.path.relpath(os.path.realpath(source.parent), "/") / source.name
        if line == "/." or inside.is_symlink() or (inside.exists() and not source.is_dir()):
            continue
        if source.is_dir() and not source.is_symlink():
            inside.mkdir(parents=True, exist_ok=True)
            if source.name not in LINKS:
                shutil.copystat(source, inside)
                os.chown(inside, source.stat().st_uid, source.stat().st_gid)
        elif source.is_symlink() or source.is_file():
            inside.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, inside, follow_symlinks=False)
            state = source.lstat()
            os.chown(inside, state.st_uid, state.st_gid, follow_symlinks=False)
            if not source.is_symlink():
                os.chmod(inside, state.st_mode & 0o7777)  # chown takes set-uid away


def make(root, packages):
    for name in FOLDERS:
        (root / name).mkdir(parents=True, exist_ok=True)
    for name, target in LINKS.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).symlink_to(target)
        (root / name).resolve().mkdir(parents=True, exist_ok=True)
    (root / "tmp").chmod(0o1777)
    (root / "var/tmp").chmod(0o1777)
    (root / "root").chmod(0o700)
    chosen = closure(packages)
    (root / "var/lib/dpkg/status").write_text("\n\n".join(stanza for stanza, _ in chosen.values()) + "\n")
    for name, (_, fields) in chosen.items():
        for base in (name, f'{name}:{fields["Architecture"]}'):
            for ending in ("list", "md5sums", "conffiles"):
                if (file := INFO / f"{base}.{ending}").exists():
                    shutil.copy2(file, root / "var/lib/dpkg/info")
                    if ending == "list":
                        copy_files(root, file.read_text().splitlines())
    for name in ("passwd", "group", "shadow"):
        people = {line.split(":")[0] for line in pathlib.Path("/etc/passwd").read_text().splitlines()
                  if PEOPLE_FROM_UID <= int(line.split(":")[2]) < 65534}
        lines = [line for line in pathlib.Path(f"/etc/{name}").read_text().splitlines() if line.split(":")[0] not in people]
        if name == "shadow":  # no hash of this machine goes into a test
            lines = [re.sub(r"^([^:]*):[^:]*:", r"\1:*:", line) for line in lines]
        (root / "etc" / name).write_text("\n".join(lines) + "\n")
    (root / "etc/shadow").chmod(0o640)
    (root / "etc/os-release").unlink(missing_ok=True)
    shutil.copy2("/usr/lib/os-release", root / "etc/os-release")
    (root / "etc/alternatives").mkdir(exist_ok=True)
    for link in pathlib.Path("/etc/alternatives").iterdir():  # made by packages when they are set up
        if link.is_symlink() and (root / os.readlink(link).lstrip("/")).exists() and not (root / "etc/alternatives" / link.name).is_symlink():
            (root / "etc/alternatives" / link.name).symlink_to(os.readlink(link))
    subprocess.run(["/sbin/ldconfig", "-r", root], check=True)
