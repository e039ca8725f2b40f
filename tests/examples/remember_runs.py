"""What the tests in Python share that run `remember` from outside: small runs, their files, and checks."""
import json
import os
import re
import subprocess
import sys
import zipfile

SMALL = ("--task copy --symbols 5 --encoder gru --attention dot --train-length 2:4 --hidden 8 --batch 4 --dropout 0.1 "
         "--warmup 3 --threads 1").split()
failures = 0


def fail(text):
    global failures
    failures += 1
    print("FAILED: " + text, flush=True)


def check(condition, text):
    if not condition:
        fail(text)
    return condition


def end(summary):
    """Prints what was done, and exits with 1 if a check failed."""
    print(summary)
    if failures:
        print("%d checks failed" % failures)
        sys.exit(1)
    print("all checks passed")


def run(program, *arguments, **options):
    """Runs the program to its end; returns its status and what it wrote to both streams."""
    done = subprocess.run([program, *arguments], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, timeout=120, **options)
    return done.returncode, done.stdout.decode("utf-8", "replace")


def content(path):
    with open(path, "rb") as file:
        return file.read()


def is_archive(path):
    """Whether a checkpoint is whole."""
    try:
        with zipfile.ZipFile(path) as archive:
            return archive.testzip() is None
    except (OSError, zipfile.BadZipFile):
        return False


def step_of(path):
    """The step of a checkpoint."""
    with zipfile.ZipFile(path) as archive:
        return int.from_bytes(archive.read("step.npy")[-8:], "little")


def measurements(folder):
    """The lines of metrics.jsonl without times."""
    lines = [json.loads(line) for line in content(os.path.join(folder, "metrics.jsonl")).splitlines()]
    for line in lines:
        del line["seconds"], line["tokens_per_second"]
    return lines


def leftovers(folder):
    """Files that must not be there when no process works in the folder: temporary ones and locks."""
    return [os.path.join(where, name) for where, _, names in os.walk(folder) for name in names
            if re.fullmatch(r"\.heed-.*\.tmp|\.remember\.lock", name)]
