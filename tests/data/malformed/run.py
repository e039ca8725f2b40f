"""Gives each case of make.py to the program that reads such files, and holds it to its promises.

run.py READ_TENSORS REMEMBER FOLDER [--sanitized]: exit status, text of the error, less than 1 s of processor time and
64 MiB of memory (neither where sanitizers slow the programs and fill the memory), no control character printed raw.
"""
import json
import os
import subprocess
import sys
import tempfile
import time

SECONDS, MEBIBYTES = 1.0, 64


def command_of(case, reader, remember, folder, out):
    path = os.path.join(folder, case["name"])
    small = ["--encoder", "gru", "--hidden", "4", "--steps", "1", "--batch", "2", "--out", out]
    return {
        "npy": [reader, "npy", path], "npz": [reader, "npz", path], "safetensors": [reader, "safetensors", path],
        "checkpoint": [remember, "attend", "--checkpoint", path, "--input", "a b", "--out", out],
        "pairs": [remember, "train", "--task", "pairs", "--data", path] + small,
        "config": [remember, "train", "--config", path, "--out", out],
        "command": [remember] + [out if word == "OUT" else word for word in case["arguments"]],
    }[case["reader"]]


def run(command, folder):
    """Exit status, what was printed, processor seconds, MiB."""
    with tempfile.TemporaryFile(dir=folder) as printed:
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=printed, stderr=subprocess.STDOUT,
                                   cwd=folder, env={**os.environ, "HEED_NUM_THREADS": "1"})
        deadline = time.monotonic() + 60
        while True:
            pid, status, usage = os.wait4(process.pid, os.WNOHANG)
            if pid:
                break
            if time.monotonic() > deadline:
                process.kill()
                deadline += 1e9
            time.sleep(0.002)
        process.returncode = os.waitstatus_to_exitcode(status)
        printed.seek(0)
        return process.returncode, printed.read(), usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def faults_of(case, status, text, seconds, mebibytes, sanitized):
    faults = []
    if status != case["status"]:
        faults.append("exit status %s, expected %s" % (status, case["status"]))
    if case["file"] and case["status"] and case["name"].encode() not in text:
        faults.append("the error does not name the file")
    for says in case["says"]:
        if says.encode() not in text:
            faults.append("the error does not say %r" % says)
    if any(byte < 32 and byte not in b"\n\t" or byte == 127 for byte in text) or b"\xc2\x9b" in text:
        faults.append("control characters are printed raw")
    if b"Sanitizer" in text or b"runtime error" in text:
        faults.append("a sanitizer's report")
    if not sanitized and seconds > SECONDS:
        faults.append("%.2f s" % seconds)
    if not sanitized and mebibytes > MEBIBYTES:
        faults.append("%.0f MiB" % mebibytes)
    return faults


def main():
    reader, remember, folder = (os.path.abspath(path) for path in sys.argv[1:4])
    sanitized = "--sanitized" in sys.argv
    os.makedirs(folder, exist_ok=True)
    small = ["--task", "reverse", "--encoder", "gru", "--hidden", "8", "--train-length", "3", "--batch", "4", "--steps", "2"]
    trained = os.path.join(folder, "trained")
    subprocess.run([remember, "train", "--out", trained, "--force"] + small, check=True, capture_output=True)
    subprocess.run([sys.executable, os.path.join(os.path.dirname(os.path.abspath(__file__)), "make.py"), folder,
                    os.path.join(trained, "last.npz")], check=True)
    with open(os.path.join(folder, "cases.json")) as file:
        cases = json.load(file)
    wrong, slowest, largest = 0, 0, 0
    for case in cases:
        with tempfile.TemporaryDirectory(dir=folder) as out:
            command = command_of(case, reader, remember, folder, os.path.join(out, "out"))
            status, text, seconds, mebibytes = run(command, folder)
        slowest, largest = max(slowest, seconds), max(largest, mebibytes)
        for fault in faults_of(case, status, text, seconds, mebibytes, sanitized):
            wrong += 1
            print("%s: %s\n    %r" % (case["name"], fault, text[:300]))
    refused = sum(1 for case in cases if case["status"])
    print("%d cases, %d of them to be refused: %d faults; slowest %.2f s, largest %.0f MiB"
          % (len(cases), refused, wrong, slowest, largest))
    if len(cases) < 400:
        print("%d cases are too few: make.py has left some out" % len(cases))
    sys.exit(1 if wrong or len(cases) < 400 else 0)


if __name__ == "__main__":
    main()
