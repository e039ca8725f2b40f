#!/usr/bin/env python3
"""What `remember train --resume` says of a folder with which something is wrong: each message names the file, and the
checkpoint stays as it is. A case is a function that spoils the good run in the folder `run`, and what must be said.
usage: remember_messages.py PROGRAM [--sanitized]"""
import json
import os
import resource
import shutil
import struct
import sys
import tempfile
import zipfile

from remember_runs import SMALL, check, content, end, leftovers, run

LAST = "run/last.npz"
WEIGHT = "model.decoder.output.bias.npy"


def members():
    with zipfile.ZipFile(LAST) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def write_members(changed):
    with zipfile.ZipFile(LAST, "w") as archive:
        for name, data in changed.items():
            archive.writestr(name, data)


def npy(kind, shape, data):
    header = repr({"descr": kind, "fortran_order": False, "shape": shape}).encode()
    header += b" " * (-(len(header) + 11) % 64) + b"\n"
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header + data


def whole(number):
    return npy("<i8", (), struct.pack("<q", number))


def text(value):
    data = value.encode()
    return npy("|u1", (len(data),), data)


def member(name, data):
    """Spoils a member of the checkpoint; `data` None removes it, a function changes it."""
    def spoil():
        changed = members()
        if data is None:
            del changed[name]
        else:
            changed[name] = data(changed[name]) if callable(data) else data
        write_members(changed)
    return spoil


def described(change):
    """Spoils the description of the run in the checkpoint."""
    def spoil():
        changed = members()
        value = changed["configuration.npy"]
        description = json.loads(value[value.index(b"\n") + 1:])
        change(description)
        changed["configuration.npy"] = text(json.dumps(description))
        write_members(changed)
    return spoil


def file(data, name="last.npz"):
    """Writes other bytes into a file of the run; `data` may be a function of those in it."""
    def spoil():
        old = content("run/" + name) if callable(data) else b""
        os.remove("run/" + name)
        with open("run/" + name, "wb") as out:
            out.write(data(old) if callable(data) else data)
    return spoil


def replaced(make, name="last.npz"):
    def spoil():
        os.remove("run/" + name)
        make("run/" + name)
    return spoil


def moved(pairs):
    def spoil():
        for source, target in pairs:
            os.rename(source, target)
    return spoil


def last_float(value):
    """Makes the last number of an array of float32 that one."""
    return lambda data: data[:-4] + struct.pack("<f", value)


def flipped(data):
    place = data.index(b"decoder.output.bias.npy") + 300
    return data[:place] + bytes([data[place] ^ 1]) + data[place + 1:]


def foreign(path):
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("hello.txt", "hello")


def set_option(group, key, value):
    def change(description):
        description["options"][group][key] = value
    return change


def remove_option(group, key):
    return lambda description: description["options"][group].pop(key)


NOT_OURS = LAST + ": must be a checkpoint that remember wrote, got: "
NO_DESCRIPTION = NOT_OURS + "one without a description of the run"
CASES = [
    # name, what is spoilt, what is said, further arguments
    ("no folder", lambda: shutil.rmtree("run"), "cannot read run/last.npz: No such file or directory"),
    ("a file in place of the folder", moved([("run", "gone"), ("gone/last.npz", "run")]),
     "run: must be the folder of a run for --resume, got a file"),
    ("an empty folder", lambda: [os.remove("run/" + name) for name in os.listdir("run")],
     "cannot read run/last.npz: No such file or directory; no checkpoint is in that folder"),
    ("only the best checkpoint", lambda: os.remove(LAST), "there are:\n  run/best.npz"),
    ("a folder in its place", replaced(os.mkdir), "cannot read run/last.npz: Is a directory"),
    ("a pipe in its place", replaced(os.mkfifo), "run/last.npz: must be a file for --resume, got a pipe or a device"),
    ("a device in its place", replaced(lambda path: os.symlink("/dev/zero", path)),
     "run/last.npz: must be a file for --resume, got a pipe or a device"),
    ("a link to nothing", replaced(lambda path: os.symlink("gone", path)),
     "cannot read run/last.npz: No such file or directory"),
    ("a link to itself", replaced(lambda path: os.symlink("last.npz", path)),
     "cannot read run/last.npz: Too many levels of symbolic links"),
    ("an empty file", file(b""), NOT_OURS),
    ("half a file", file(lambda data: data[:len(data) // 2]), NOT_OURS),
    ("a file without its last byte", file(lambda data: data[:-1]), NOT_OURS),
    ("a text", file(b"hello\n"), NOT_OURS),
    ("an array", file(whole(1)), NOT_OURS),
    ("another archive", replaced(foreign), NOT_OURS),
    ("a flipped bit", file(flipped), NOT_OURS),
    ("no format", member("format.npy", None), NOT_OURS + "format is missing"),
    ("a later format", member("format.npy", whole(99)), NOT_OURS + "format is 99"),
    ("a format that is no number", member("format.npy", text("two")), NOT_OURS + "format must be a whole number"),
    ("no step", member("step.npy", None), NOT_OURS + "step is missing"),
    ("a step below 0", member("step.npy", whole(-1)), NOT_OURS + "step must be at least 0"),
    ("no generator", member("generator.default.npy", None),
     LAST + ": must hold the state of the run it describes, got: restore: the checkpoint has no generator 'default'"),
    ("a part of no checkpoint", member("hello.npy", whole(1)), NOT_OURS + "hello is no part of a checkpoint"),
    ("no description", member("configuration.npy", text("")), NO_DESCRIPTION),
    ("a description that is no JSON", member("configuration.npy", text("{")), NO_DESCRIPTION),
    ("a description of a later version", described(lambda d: d.update(format=9)), LAST + ": must be of format 1 or before, got 9"),
    ("a description of another program", described(lambda d: d.update(program="forget")), NOT_OURS),
    ("an option that is missing", described(remove_option("model", "hidden")), NO_DESCRIPTION),
    ("an option of another type", described(set_option("model", "hidden", "8")), NOT_OURS + "hidden: must be a whole number, got"),
    ("an option that is not allowed", described(set_option("model", "cell", "conv")), NOT_OURS + "--encoder: must be one of"),
    ("other data", described(lambda d: d.update(fingerprint=1)), "must hold the data that the run began with, got others"),
    ("a state that is no JSON", member("metrics.npy", text("[")), NO_DESCRIPTION),
    ("a weight that is missing", member(WEIGHT, None),
     LAST + ": must hold the parameters of the model it describes, got: model: must have 14 parameters, got 13"),
    ("a weight too many", member("model.more.npy", whole(1)),
     LAST + ": must hold the parameters of the model it describes, got: model.more: unexpected"),
    ("a weight of another shape", member(WEIGHT, npy("<f4", (1,), bytes(4))),
     LAST + ": must hold the parameters of the model it describes, got: model.decoder.output.bias: wrong shape: must be float32 (8,), got"),
    ("a weight of another type", member(WEIGHT, npy("<f8", (8,), bytes(64))),
     LAST + ": must hold the parameters of the model it describes, got: model.decoder.output.bias: wrong"),
    ("a weight that is NaN", member(WEIGHT, last_float(float("nan"))),
     NOT_OURS + "model.decoder.output.bias must hold numbers, got NaN"),
    ("a state that is infinite", member("optimizer.state.decoder.output.bias.exp_avg.npy", last_float(float("-inf"))),
     NOT_OURS + "member 'optimizer.state.decoder.output.bias.exp_avg' with a value that is not finite: -inf"),
    ("half a state of the optimiser", member("optimizer.state.decoder.output.bias.exp_avg.npy", None),
     LAST + ": must hold the state of the run it describes, got: "),
    ("an optimiser with another option", member("optimizer.group.0.eps.npy", npy("<f8", (), struct.pack("<d", 1))),
     LAST + ": must hold the state of the run it describes, got: "),
    ("broken measurements", file(b"{}\n{}\n", "metrics.jsonl"), "run/metrics.jsonl:1: must be a JSON object"),
    ("measurements in a folder", replaced(os.mkdir, "metrics.jsonl"), "cannot write run/metrics.jsonl: Is a directory"),
    ("a report that cannot be written", replaced(os.mkdir, "report.html"), "cannot write run/report.html: Is a directory"),
    ("broken options", file(b"[train]\nhiden=3\n", "options.ini"), "run/options.ini:2: train has no option 'hiden'"),
    ("options of another command", file(b"[compare]\nhidden=3\n", "options.ini"), "run, which remember compare made"),
    ("options that are a folder", replaced(os.mkdir, "options.ini"), "run/options.ini: Is a directory"),
    ("steps that were made", lambda: None, "--steps: must be above 6, the step of the run in run, got 5", "--steps", "5"),
    ("a step to stop at that was made", lambda: None, "--stop-at: must be above 6, the step of the run in run", "--stop-at", "6"),
]
LIMITS = [
    # name, limit, soft limit, what is said
    ("too few descriptors for the checkpoint", resource.RLIMIT_NOFILE, 4, "cannot read run/last.npz: Too many open files"),
    ("a file size limit", resource.RLIMIT_FSIZE, 1000, "cannot write run/best.npz: File too large"),
]
UNREADABLE = [(name, "run/" + name) for name in ("last.npz", "options.ini", "metrics.jsonl")]


def fresh():
    if os.path.isdir("run"):
        shutil.rmtree("run")
    elif os.path.lexists("run"):
        os.remove("run")
    shutil.rmtree("gone", ignore_errors=True)
    shutil.copytree("good", "run")


def check_case(name, wanted, status, said, before):
    check(status in (1, 2), "%s: status %d: %s" % (name, status, said))
    check(said.count("remember: ") >= 1 and wanted in said, "%s: must say '%s', says '%s'" % (name, wanted, said))
    check("No error" not in said and "\x1b" not in said, "%s says '%s'" % (name, said))
    now = content(LAST) if os.path.isfile(LAST) and not os.path.islink(LAST) else None
    check(now == before, name + ": the checkpoint has changed")
    check(not leftovers("run"), "%s: left behind: %s" % (name, leftovers("run")))


def main():
    program = os.path.abspath(sys.argv[1])
    with tempfile.TemporaryDirectory() as work:
        os.chdir(work)
        status, said = run(program, "train", *SMALL, "--steps", "6", "--valid-every", "3", "--quiet", "--out", "good")
        check(status == 0, "the good run: " + said)
        for name, spoil, wanted, *arguments in CASES:
            fresh()
            spoil()
            before = content(LAST) if os.path.isfile(LAST) and not os.path.islink(LAST) else None
            status, said = run(program, "train", "--resume", "run", "--quiet", *(arguments or ["--steps", "9"]))
            check_case(name, wanted, status, said, before)
        for name, limit, soft, wanted in LIMITS if "--sanitized" not in sys.argv else []:  # a sanitizer needs descriptors too
            fresh()
            before = content(LAST)
            status, said = run(program, "train", "--resume", "run", "--quiet", "--steps", "9",
                               preexec_fn=lambda: resource.setrlimit(limit, (soft, soft)))
            check_case(name, wanted, status, said, before)
        if os.geteuid() != 0:
            for name, path in UNREADABLE:
                fresh()
                before = content(LAST)
                os.chmod(path, 0)
                status, said = run(program, "train", "--resume", "run", "--quiet", "--steps", "9")
                os.chmod(path, 0o600)
                check_case("unreadable " + name, path + ": Permission denied", status, said, before)
        end("%d cases" % (len(CASES) + len(LIMITS) + (0 if os.geteuid() == 0 else len(UNREADABLE))))
        os.chdir("/")


if __name__ == "__main__":
    main()
