#!/usr/bin/env python3
"""Makes conformance cases: inputs, and what PyTorch computes from them in double precision.

usage: generate.py FOLDER [--seed N]

Needs PyTorch and NumPy (Debian, Ubuntu: python3-torch python3-numpy). Sizes and values follow from the seed.
README.md beside this file describes the format, and cases/ holds what seed 0 gives.
"""
import argparse

from generator import attention, choices, layers, operations, training
from generator.cases import Cases


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    cases = Cases(options.folder, options.seed)
    for families in (operations, layers, attention, training, choices):
        for family in families.FAMILIES:
            family(cases)


if __name__ == "__main__":
    main()
