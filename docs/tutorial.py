#!/usr/bin/env python3
"""Runs the commands of docs/tutorial-attention.md and writes their output and pictures into it.

usage: docs/tutorial.py [--check] [BIN_DIR]      BIN_DIR: the folder of `remember`, build/release/bin by default

Runs all blocks of shell commands, in order, in an empty folder. Replaces the text block after each by the output, and copies
the pictures that the text shows to docs/tutorial/. With --check it changes nothing: the commands run with a few steps of
training, and must succeed and make all pictures."""
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


def shortened(commands):
    """The same commands with few steps: seconds instead of minutes."""
    for option, value in (("steps", "4"), ("count", "5"), ("length", "20,50")):
        commands = re.sub(r"--%s \S+" % option, "--%s %s" % (option, value), commands)
    return commands


def run(commands, folder, programs):
    environment = dict(os.environ, PATH=programs + os.pathsep + os.environ["PATH"])
    done = subprocess.run(["sh", "-euc", commands], cwd=folder, env=environment, capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit("failed:\n%s\n%s" % (commands, done.stderr))
    return "\n".join(line.rstrip() for line in done.stdout.rstrip().split("\n")) + "\n"


def main():
    arguments = sys.argv[1:]
    check = "--check" in arguments
    places = [argument for argument in arguments if not argument.startswith("--")] + ["build/release/bin"]
    programs = os.path.abspath(places[0])
    with open(TEXT, encoding="utf-8") as file:
        text = file.read()
    with tempfile.TemporaryDirectory(prefix="heed-tutorial-") as folder:
        def replace(match):
            commands, old = match.groups()
            output = run(shortened(commands) if check else commands, folder, programs)
            return match.group(0) if check or old is None else "```sh\n%s```\n\n```text\n%s```\n" % (commands, output)
        text = COMMANDS.sub(replace, text)
        missing = [name for name in PICTURE.findall(text) if not os.path.exists(os.path.join(folder, name))]
        if missing:
            sys.exit("no command makes " + ", ".join(missing))
        if check:
            print("all commands run, and make all pictures")
            return
        os.makedirs(os.path.join(DOCS, "tutorial"), exist_ok=True)
        for name in PICTURE.findall(text):
            small_png.shrink(os.path.join(folder, name))
            shutil.copyfile(os.path.join(folder, name), os.path.join(DOCS, "tutorial", name))
    with open(TEXT, "w", encoding="utf-8") as file:
        file.write(text)


if __name__ == "__main__":
    main()
