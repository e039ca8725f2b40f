#!/usr/bin/env python3
"""Runs the commands of docs/tutorial-attention.md and writes their output and pictures into it.

usage: docs/tutorial.py [--check | --quick] [BIN_DIR]    BIN_DIR: the folder of `remember`, build/release/bin by default

Runs all blocks of shell commands, in order, in an empty folder. Replaces the text block after each by the output, and copies
the pictures that the text shows to docs/tutorial/.
--check   changes nothing: the commands must print what the text shows, but for times and sizes in memory, and make all pictures.
          The text is that of GCC 12 and HEED_SIMD=avx512: other targets may round a sum otherwise, which training enlarges
--quick   changes nothing and compares nothing: the commands run with a few steps of training, and must succeed and make all pictures"""
import difflib
import os
import re
import shutil
import subprocess
import sys
import tempfile

import small_png

DOCS = os.path.dirname(os.path.abspath(__file__))
TEXT = os.path.join(DOCS, "tutorial-attention.md")
COMMANDS = re.compile(r"```sh\n(.*?)```\n(?:\n```text\n(.*?)```\n)?", re.DOTALL)
PICTURE = re.compile(r"\]\(tutorial/([\w.-]+)\)")
# What differs from run to run, and with it the width of a table's columns.
MEASURED = re.compile(r"[\d,.]+ ?(?:us|ms|s|B|kB|MB|GB)\b|\b\d+:\d\d(?::\d\d)?\b")
WIDTH = re.compile(r" +|-{2,}")


def shortened(commands):
    """The same commands with few steps: seconds instead of minutes."""
    commands = commands.replace("--until plateau", "--steps 4").replace("remember compare", "remember compare --steps 4 --seeds 1")
    # One symbol of two is remembered soon, so that there is something to draw.
    commands = commands.replace("remember capacity", "remember capacity --symbols 2 --max-steps 600 --valid-every 50 --longest 1")
    commands = commands.replace("--hidden 8,16,32 --seeds 1,2,3", "--hidden 8,16 --seeds 1")
    for option, value in (("count", "5"), ("length", "20,50")):
        commands = re.sub(r"--%s \S+" % option, "--%s %s" % (option, value), commands)
    return commands


def run(commands, folder, programs):
    environment = dict(os.environ, PATH=programs + os.pathsep + os.environ["PATH"])
    done = subprocess.run(["sh", "-euc", commands], cwd=folder, env=environment, capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit("failed:\n%s\n%s" % (commands, done.stderr))
    return "\n".join(line.rstrip() for line in done.stdout.rstrip().split("\n")) + "\n"


def comparable(text):
    return [WIDTH.sub(" ", MEASURED.sub("_", line)).strip() for line in text.splitlines()]


def differences(commands, old, new):
    """What the commands print now, beside what the text shows; empty if that is the same."""
    lines = list(difflib.unified_diff(comparable(old), comparable(new), "the text", "the output", lineterm="", n=1))
    return "\n".join(["differs:", commands.rstrip()] + lines) if lines else ""


def main():
    arguments = sys.argv[1:]
    unknown = [a for a in arguments if a.startswith("--") and a not in ("--check", "--quick")]
    if unknown:
        sys.exit(__doc__)
    check, quick = "--check" in arguments, "--quick" in arguments
    places = [argument for argument in arguments if not argument.startswith("--")] + ["build/release/bin"]
    programs = os.path.abspath(places[0])
    with open(TEXT, encoding="utf-8") as file:
        text = file.read()
    found = []
    with tempfile.TemporaryDirectory(prefix="heed-tutorial-") as folder:
        def replace(match):
            commands, old = match.groups()
            output = run(shortened(commands) if quick else commands, folder, programs)
            if old is None or quick:
                return match.group(0)
            found.append(differences(commands, old, output))
            return "```sh\n%s```\n\n```text\n%s```\n" % (commands, output)
        text = COMMANDS.sub(replace, text)
        missing = [name for name in PICTURE.findall(text) if not os.path.exists(os.path.join(folder, name))]
        if missing:
            sys.exit("no command makes " + ", ".join(missing))
        if check and any(found):
            sys.exit("\n\n".join(filter(None, found)))
        if check or quick:
            print("all commands run%s, and make all pictures" % (" and print what the text shows" if check else ""))
            return
        os.makedirs(os.path.join(DOCS, "tutorial"), exist_ok=True)
        for name in PICTURE.findall(text):
            small_png.shrink(os.path.join(folder, name))
            shutil.copyfile(os.path.join(folder, name), os.path.join(DOCS, "tutorial", name))
    with open(TEXT, "w", encoding="utf-8") as file:
        file.write(text)


if __name__ == "__main__":
    main()
