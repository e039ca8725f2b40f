#!/usr/bin/env python3
"""How far PyTorch's float32 gradients of a GRU are from float64's, and from PyTorch's own with other sums.

usage: rounding.py FOLDER [--seeds N] [--against OTHER]

Writes N cases of a GRU of 57 units, 32 inputs, 15 steps, batch 8, as PyTorch computes them here, and says how many hold to
atol 1e-5, rtol 1e-4 when float64 takes PyTorch's place, and how many against the same cases in OTHER, made in another
environment: OPENBLAS_NUM_THREADS=1, or another libblas.so.3. `conformance FOLDER` counts heed's. docs/numerics.md has the
results.
"""
import argparse
import json
import os

import numpy as np
import torch

SIZES = {"input_size": 32, "hidden_size": 57}
META = {"kind": "layer", "name": "GRU", "args": SIZES, "dtype": "float32", "rtol": 1e-4, "atol": 1e-5}


def draw(seed):
    """Inputs, parameters and what is fed into the outputs, float32."""
    torch.manual_seed(seed)
    given = {"in.x": torch.randn(15, 8, 32)}
    for name, parameter in torch.nn.GRU(**SIZES).named_parameters():
        given["param." + name] = torch.randn_like(parameter) * 0.4
    return {**given, "cot.y": torch.randn(15, 8, 57), "cot.h": torch.randn(1, 8, 57)}


def compute(given, dtype):
    """Outputs and gradients of the same numbers in this dtype."""
    given = {name: value.detach().clone().to(dtype) for name, value in given.items()}
    layer = torch.nn.GRU(**SIZES).to(dtype)
    layer.load_state_dict({name[6:]: value for name, value in given.items() if name.startswith("param.")})
    x = given["in.x"].requires_grad_(True)
    y, h = layer(x)
    leaves = {"in.x": x, **{"param." + name: value for name, value in layer.named_parameters()}}
    total = (y * given["cot.y"]).sum() + (h * given["cot.h"]).sum()
    gradients = torch.autograd.grad(total, list(leaves.values()))
    return {"out.y": y, "out.h": h, **{"grad." + name: gradient for name, gradient in zip(leaves, gradients)}}


def hold(got, want):
    return all(np.all(np.abs(got[name] - want[name]) <= 1e-5 + 1e-4 * np.abs(want[name])) for name in got)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder")
    parser.add_argument("--seeds", type=int, default=200)
    parser.add_argument("--against")
    options = parser.parse_args()
    os.makedirs(options.folder, exist_ok=True)
    exact = other = 0
    for seed in range(options.seeds):
        given = draw(seed)
        want, wide = ({name: value.detach().numpy() for name, value in compute(given, dtype).items()}
                      for dtype in (torch.float32, torch.float64))
        exact += hold(wide, want)
        file = f"layer.GRU-f32-{seed}.npz"
        arrays = {**{name: value.numpy() for name, value in given.items()}, **want}
        arrays["case"] = np.frombuffer(json.dumps(META).encode(), dtype=np.uint8)
        np.savez(os.path.join(options.folder, file), **arrays)
        if options.against:
            theirs = np.load(os.path.join(options.against, file))
            other += hold({name: theirs[name] for name in want}, want)
    print(f"float64 in PyTorch's place: {exact} of {options.seeds} hold")
    if options.against:
        print(f"{options.against} in PyTorch's place: {other} of {options.seeds} hold")


if __name__ == "__main__":
    main()
