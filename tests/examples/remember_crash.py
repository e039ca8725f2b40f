#!/usr/bin/env python3
"""Kills `remember train` (SIGKILL) at random moments while it saves at every step, and goes on with --resume: whatever
happened, the run ends with the bytes of one that was never killed, and after each kill its last checkpoint is whole.
usage: remember_crash.py PROGRAM [KILLS [SEED]]"""
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time

from remember_runs import SMALL, check, content, end, is_archive, leftovers, measurements, run, step_of

STEPS = 40
TRAIN = [*SMALL, "--steps", str(STEPS), "--checkpoint-every", "1", "--valid-every", "7", "--keep", "2", "--quiet"]


def killed(arguments, delay):
    """Starts the program and kills it after that time; whether it was still running."""
    with subprocess.Popen(arguments, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                          stderr=subprocess.PIPE) as process:
        time.sleep(delay)
        process.send_signal(signal.SIGKILL)
        message = process.stderr.read().decode()
        status = process.wait()
    check(status in (0, -signal.SIGKILL), "status %d: %s" % (status, message))
    return status == -signal.SIGKILL


def check_last(folder, reference):
    """After a kill: the last checkpoint and those that are kept are those of the run that was never killed."""
    for name in os.listdir(folder):
        path = os.path.join(folder, name)
        if name == "last.npz" or name.startswith("step-"):
            whole = is_archive(path)
            if check(whole, "a broken checkpoint: " + name):
                same = os.path.join(reference, "step-%d.npz" % step_of(path))
                same = same if os.path.exists(same) else os.path.join(reference, "last.npz")
                check(content(path) == content(same), name + " has other bytes")
        elif name == "best.npz":
            check(is_archive(path), "a broken checkpoint: best.npz")


def main():
    program = os.path.abspath(sys.argv[1])
    kills = int(sys.argv[2]) if len(sys.argv) > 2 else 20
    seed = int(sys.argv[3]) if len(sys.argv) > 3 else time.time_ns() % 1000000
    chance = random.Random(seed)
    print("seed %d" % seed, flush=True)
    made = runs = restarts = temporaries = 0
    with tempfile.TemporaryDirectory() as work:
        os.chdir(work)
        begin = time.monotonic()
        status, text = run(program, "train", *TRAIN, "--keep", str(STEPS), "--out", "whole")
        duration = time.monotonic() - begin
        check(status == 0, "the run that is not killed: " + text)
        while made < kills:
            shutil.rmtree("killed", ignore_errors=True)
            runs += 1
            while True:
                resumes = os.path.exists("killed/last.npz")
                place = ["--resume", "killed", "--quiet"] if resumes else [*TRAIN, "--out", "killed", "--force"]
                if made == kills or not killed([program, "train", *place], chance.uniform(0, duration)):
                    status, text = run(program, "train", *place)
                    check(status == 0, "status %d when it goes on: %s" % (status, text))
                    break
                made += 1
                restarts += not resumes
                if os.path.isdir("killed"):
                    temporaries += any(path.endswith(".tmp") for path in leftovers("killed"))
                    check_last("killed", "whole")
            for name in ("last.npz", "best.npz"):
                check(content("killed/" + name) == content("whole/" + name), name + " at the end has other bytes")
            check(measurements("killed") == measurements("whole"), "other measurements")
            check(not leftovers("killed"), "left behind: %s" % leftovers("killed"))
        end("%d kills in %d runs, %d before the first checkpoint, %d with a temporary file left" %
            (made, runs, restarts, temporaries))
        os.chdir("/")


if __name__ == "__main__":
    main()
