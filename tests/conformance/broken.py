#!/usr/bin/env python3
"""Breaks a case in every way that must not pass, and sees that `conformance` says so.

usage: broken.py CONFORMANCE FOLDER_OF_CASES     (exit code 77 without NumPy)
"""
import json
import pathlib
import subprocess
import sys
import tempfile

try:
    import numpy
except ImportError:
    sys.exit(77)

program, cases = sys.argv[1], pathlib.Path(sys.argv[2])


def load(name):
    members = dict(numpy.load(cases / name))
    return members, json.loads(bytes(members["case"]))


def outcome(change=None, name="layer.Linear-True-float64.npz"):
    """Exit code and lines of a run over one case that `change` was done to."""
    with tempfile.TemporaryDirectory() as folder:
        if change is not None:
            members, description = load(name)
            change(members, description)
            members["case"] = numpy.frombuffer(json.dumps(description).encode(), dtype=numpy.uint8)
            numpy.savez_compressed(pathlib.Path(folder) / "broken.npz", **members)
        run = subprocess.run([program, folder], capture_output=True, text=True)
        return run.returncode, run.stdout.splitlines()


def must_fail(what, change, says, name="layer.Linear-True-float64.npz"):
    code, lines = outcome(change, name)
    assert code == 1 and lines[-1] == "0 passed, 1 failed", f"{what}: {code} {lines}"
    assert says in lines[0] and lines[0].startswith("broken: "), f"{what}: {lines}"


def shifted(member, by=1e-6):
    def change(members, _):
        values = members[member].copy()
        values.flat[-1] += by
        members[member] = values
    return change


assert outcome(lambda members, description: None) == (0, ["1 passed, 0 failed"])
assert outcome() == (1, ["0 passed, 0 failed"])
for member in ("out.y", "grad.in.x", "grad.param.weight", "grad.param.bias"):
    must_fail(member, shifted(member), f"{member}: largest difference ")
must_fail("NaN", shifted("out.y", float("nan")), "out.y: largest difference inf")
must_fail("shape", lambda m, d: m.update({"out.y": m["out.y"][:1]}), "out.y: got float64 (")
must_fail("kind", lambda m, d: d.update(kind="opp"), "unknown kind 'opp'")
must_fail("name", lambda m, d: d.update(name="Lineal"), "unknown layer 'Lineal'")
must_fail("argument", lambda m, d: d["args"].update(device="cpu"), "unknown arguments: 'device'")
must_fail("missing argument", lambda m, d: d["args"].pop("in_features"), "needs the argument 'in_features'")
must_fail("key", lambda m, d: d.update(tolerance=1), "unknown key 'tolerance'")
must_fail("input", lambda m, d: m.update({"in.z": m["in.x"]}), "unknown input 'z'")
must_fail("parameter", lambda m, d: m.pop("param.bias"), "missing: bias")
must_fail("output", lambda m, d: m.update({"out.z": m["out.y"]}), "there is no output 'z'")
must_fail("gradient", lambda m, d: m.pop("grad.param.bias"), "gradients, of")
must_fail("optimizer", shifted("out.param.4"), "out.param.4: largest", "optim.Adam-4.npz")
must_fail("optimizer's argument", lambda m, d: d["args"].update(fused=True), "unknown arguments: 'fused'", "optim.Adam-4.npz")
must_fail("loss of a run", shifted("out.loss"), "out.loss: largest", "training.LSTM-0.npz")
must_fail("parameter of a run", shifted("out.param.0.weight"), "out.param.0.weight: largest", "training.LSTM-0.npz")
must_fail("rate", shifted("out.lr"), "out.lr: largest", "schedule.StepLR-0.npz")
must_fail("norm", shifted("out.total_norm"), "out.total_norm: largest", "clip.clip_grad_norm-0.npz")
