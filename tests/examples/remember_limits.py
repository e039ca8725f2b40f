#!/usr/bin/env python3
"""Runs `remember train` within limits: a full file system of 1 MiB, few descriptors, little memory. It works, or it ends with
status 1 and a message that names what was missing; no checkpoint is lost and no temporary file stays.
usage: remember_limits.py PROGRAM"""
import os
import resource
import shutil
import subprocess
import sys
import tempfile

from remember_runs import SMALL, check, content, end, is_archive, leftovers, run, step_of

TRAIN = ["train", *SMALL, "--checkpoint-every", "1", "--valid-every", "3", "--quiet"]
MIB = 1 << 20
NO_MEMORY = ("remember: out of memory", "Cannot allocate memory", "there is no memory for ")


def limited(program, arguments, limit, value):
    return run(program, *arguments, preexec_fn=lambda: resource.setrlimit(limit, (value, value)))


def check_run(what, status, said, folder, names):
    """After a run within a limit: status and message; `names`, one of which the message has."""
    check(status in (0, 1), "%s: status %d: %s" % (what, status, said))
    if status == 1:
        check("remember: " in said and any(name in said for name in names), "%s says: %s" % (what, said))
        check("No error" not in said and "Success" not in said, "%s says: %s" % (what, said))
    check(not leftovers(folder), "%s: left behind: %s" % (what, leftovers(folder)))
    for where, _, files in os.walk(folder):
        for name in files:
            if name.endswith(".npz"):
                check(is_archive(os.path.join(where, name)), "%s: %s is broken" % (what, name))


def descriptors(program):
    """A new run and one that is resumed with 3 to 10 descriptors."""
    ended = []
    for count in range(3, 11):
        for folder in ("few", "more"):
            shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree("whole", "more")
        status, said = limited(program, [*TRAIN, "--steps", "6", "--out", "few"], resource.RLIMIT_NOFILE, count)
        ended.append(status)
        if status == 127:
            continue  # not even the program's libraries can be opened
        check_run("%d descriptors" % count, status, said, "few", ["few: Too many open files", "few/"])
        status, said = limited(program, ["train", "--resume", "more", "--steps", "12", "--quiet"], resource.RLIMIT_NOFILE, count)
        check_run("%d descriptors to go on" % count, status, said, "more", ["more/"])
        check("Too many open files" in said or status == 0, "%d descriptors: %s" % (count, said))
        check(step_of("more/last.npz") >= 6, "the checkpoint is lost")
    check(ended[-1] == 0, "a run needs more than 10 descriptors")
    return "from %d descriptors on a run is trained" % (3 + ended.index(0) if 0 in ended else 99)


def memory(program):
    """A model that needs some 60 MiB to train, with less and less address space."""
    large = [*TRAIN, "--hidden", "512", "--steps", "4"]
    statuses = {}
    shutil.rmtree("large", ignore_errors=True)
    status, said = run(program, *large, "--stop-at", "2", "--out", "large")
    check(status == 0, said)
    for mib in (20, 40, 60, 80, 100, 120, 150, 200, 300, 1000):
        for folder in ("small", "again"):
            shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree("large", "again")
        statuses[mib], said = limited(program, [*large, "--out", "small"], resource.RLIMIT_AS, mib * MIB)
        if "error while loading shared libraries" in said or statuses[mib] == 127:
            continue  # not even the program fits
        os.makedirs("small", exist_ok=True)
        check_run("%d MiB" % mib, statuses[mib], said, "small", NO_MEMORY)
        status, said = limited(program, ["train", "--resume", "again", "--quiet"], resource.RLIMIT_AS, mib * MIB)
        check_run("%d MiB to go on" % mib, status, said, "again", NO_MEMORY)
        check(step_of("again/last.npz") >= 2, "the checkpoint is lost")
    check(statuses[1000] == 0, "1,000 MiB do not suffice")
    return "address space of " + ", ".join("%d MiB: status %d" % entry for entry in statuses.items())


FULL = """mount -t tmpfs -o size=1m tmpfs disk || exit 77
cd disk && head -c "$1" /dev/zero >ballast && shift && "$@"
status=$?
ls -a run >../listed 2>/dev/null
cp run/last.npz .. 2>/dev/null
exit $status
"""


def full_disk(program):
    """A run in a file system of 1 MiB with more and more of it taken, in a mount namespace of its own."""
    os.makedirs("disk", exist_ok=True)
    ended = []
    for taken in range(0, 1040, 40):
        for name in ("listed", "last.npz"):
            if os.path.exists(name):
                os.remove(name)
        status, said = run("unshare", "--mount", *([] if os.geteuid() == 0 else ["--user", "--map-root-user"]), "sh", "-c",
                           FULL, "sh", str(taken << 10), program, *TRAIN, "--hidden", "24", "--steps", "6", "--keep", "2",
                           "--out", "run")
        if status == 77 or "unshare: " in said:
            return "a full file system was left out: " + (said.strip() or "no tmpfs can be mounted")
        check(status in (0, 1), "%d KiB taken: status %d: %s" % (taken, status, said))
        if status == 1:
            check("run" in said and "No space left on device" in said, "%d KiB taken: %s" % (taken, said))
        listed = content("listed").decode()
        check(".tmp" not in listed and ".remember.lock" not in listed, "%d KiB taken: left behind: %s" % (taken, listed))
        check(not os.path.exists("last.npz") or is_archive("last.npz"), "%d KiB taken: a broken checkpoint" % taken)
        ended.append((status, os.path.exists("last.npz")))
    check((0, True) in ended and (1, True) in ended and (1, False) in ended, "the disk was never full: %s" % ended)
    return "file systems of 1 MiB: %d, of which %d were full, %d after a checkpoint" % (
        len(ended), sum(status for status, _ in ended), sum(status and saved for status, saved in ended))


def main():
    program = os.path.abspath(sys.argv[1])
    with tempfile.TemporaryDirectory() as work:
        os.chdir(work)
        status, said = run(program, *TRAIN, "--steps", "6", "--out", "whole")
        check(status == 0, said)
        end("\n".join([descriptors(program), memory(program), full_disk(program) if shutil.which("unshare") else
                       "a full file system was left out: there is no unshare"]))
        os.chdir("/")


if __name__ == "__main__":
    main()
