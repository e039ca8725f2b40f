#!/usr/bin/env python3
"""Makes every call to the system fail in turn that `remember` makes for the files of a run: of one that saves, one that is
resumed, and one that only writes its report. Whatever fails, the status is 0 or 1, the message names a file, no checkpoint
is lost, nothing is left behind, and afterwards the run ends with the bytes that it would have had.
usage: remember_failing_calls.py PROGRAM fail_call.so [all]"""
import collections
import multiprocessing
import os
import shutil
import sys
import tempfile

import remember_runs
from remember_runs import SMALL, check, content, end, is_archive, leftovers, measurements, run, step_of

TRAIN = ["train", *SMALL, "--steps", "4", "--checkpoint-every", "1", "--valid-every", "2", "--keep", "1", "--quiet"]
# name, the folder that the run begins with, its arguments
SCENARIOS = [
    ("save", None, [*TRAIN, "--out", "run"]),
    ("resume", "stopped", ["train", "--resume", "run", "--quiet"]),
    ("report", "whole", ["train", "--resume", "run", "--quiet"]),
    ("overwrite", "whole", [*TRAIN, "--out", "run", "--force"]),
    ("evaluate", "whole", ["evaluate", "--checkpoint", "run", "--count", "2", "--json", "run/measured.json"]),
    ("attend", "whole", ["attend", "--checkpoint", "run", "--input", "a b"]),
]
# What fails when it tidies up may leave a file; it is no failure of the run.
TIDIES = ("unlink", "remove")


def is_chosen(calls, place):
    """A checkpoint is read in hundreds of pieces: of reads in a row the first, and a few of the others."""
    return "read" not in calls[place] or place == 0 or calls[place] != calls[place - 1] or place % 40 == 0


def fresh(base):
    shutil.rmtree("run", ignore_errors=True)
    if base:
        shutil.copytree(base, "run")


def run_failing(program, arguments, library, at):
    """Runs the program with that call failing; returns its status, its messages and the line of the library."""
    if os.path.exists("log"):
        os.remove("log")
    sanitizer_off = {"ASAN_OPTIONS": "verify_asan_link_order=0:detect_leaks=0"}
    status, said = run(program, *arguments, env={**os.environ, **sanitizer_off, "LD_PRELOAD": library, "FAIL_UNDER": "run",
                                                 "FAIL_AT": str(at), "FAIL_LOG": "log"})
    return status, said, content("log").decode() if os.path.exists("log") else ""


def check_after(program, what, status, said, call, arguments):
    """The run after a call has failed, and then the same without a failure."""
    check(status in (0, 1), "%s: status %d: %s" % (what, status, said))
    if status == 1:
        check("remember: " in said and "run" in said.split("remember: ", 1)[1], "%s names no file: %s" % (what, said))
        check("No error" not in said and "Success" not in said, "%s says: %s" % (what, said))
    if not call.startswith(TIDIES):
        left = leftovers("run")
        check(not left, "%s left behind: %s: %s" % (what, left, said))
    for name in os.listdir("run") if os.path.isdir("run") else []:
        if name.endswith(".npz"):
            check(is_archive("run/" + name), "%s: %s is broken" % (what, name))
    if arguments[0] != "train":
        check(content("run/last.npz") == content("whole/last.npz"), what + ": the checkpoint has changed")
        return
    resumes = os.path.exists("run/last.npz")
    again = ["train", "--resume", "run", "--quiet"] if resumes else [*TRAIN, "--out", "run", "--force"]
    if "--resume" in arguments:
        check(resumes and step_of("run/last.npz") >= 2, what + ": the checkpoint is lost")
    status, said = run(program, *again)
    check(status == 0, "%s: afterwards status %d: %s" % (what, status, said))
    for name in ("last.npz", "best.npz"):
        check(content("run/" + name) == content("whole/" + name), "%s: afterwards %s has other bytes" % (what, name))
    check(measurements("run") == measurements("whole"), what + ": afterwards other measurements")
    check(not leftovers("run"), "%s: afterwards left behind: %s" % (what, leftovers("run")))


def enter_copy(folder):
    """A folder of its own for a process that makes calls fail."""
    copy = tempfile.mkdtemp(dir=folder)
    for name in ("whole", "stopped"):
        shutil.copytree(os.path.join(folder, name), os.path.join(copy, name))
    os.chdir(copy)


def fail_one(program, library, scenario, at, total):
    """Returns the status of the run in which that call fails, the call's name, and how many checks failed."""
    name, base, arguments = scenario
    before = remember_runs.failures
    fresh(base)
    status, said, call = run_failing(program, arguments, library, at)
    check_after(program, "%s, call %d of %d (%s)" % (name, at, total, call.strip()), status, said, call, arguments)
    return status, call.split(" ")[0], remember_runs.failures - before


def calls_of(program, library, scenario):
    """The names of the calls that a run makes when none fails."""
    name, base, arguments = scenario
    fresh(base)
    status, said, line = run_failing(program, arguments, library, 0)
    check(status == 0, "%s: status %d: %s" % (name, status, said))
    calls = [call.split(" ")[0] for call in line.splitlines()]
    check(len(calls) >= 10, "%s makes only %d calls: the library does not see them" % (name, len(calls)))
    return calls


def main():
    program, library = (os.path.abspath(path) for path in sys.argv[1:3])
    every = sys.argv[3:] == ["all"]
    failed = collections.Counter()
    with tempfile.TemporaryDirectory() as work:
        os.chdir(work)
        for folder, more in (("whole", []), ("stopped", ["--stop-at", "2"])):
            status, said = run(program, *TRAIN, *more, "--out", folder)
            check(status == 0, said)
        with multiprocessing.Pool(len(os.sched_getaffinity(0)), enter_copy, [work]) as pool:
            for scenario in SCENARIOS:
                calls = calls_of(program, library, scenario)
                chosen = [at for at in range(1, len(calls) + 1) if every or is_chosen(calls, at - 1)]
                results = pool.starmap(fail_one, [(program, library, scenario, at, len(calls)) for at in chosen])
                statuses = collections.Counter(status for status, _, _ in results)
                failed.update(call for _, call, _ in results)
                remember_runs.failures += sum(failures for _, _, failures in results)
                print("%s: %d of %d calls failed, %s" % (scenario[0], len(results), len(calls), ", ".join(
                    "status %d: %d" % s for s in sorted(statuses.items()))), flush=True)
        end("%d calls failed: %s" % (sum(failed.values()), ", ".join("%s %d" % c for c in sorted(failed.items()))))
        os.chdir("/")


if __name__ == "__main__":
    main()
