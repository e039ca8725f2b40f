"""Makes files that are broken on purpose, each with what a program must say of it.

make.py FOLDER CHECKPOINT writes them, and FOLDER/cases.json: a list of objects with
  name    of the case, which is also the name of its file if it has one
  reader  npy, npz, safetensors: of read_tensors; checkpoint, pairs, config: of remember; command: its arguments
  status  that the program must exit with: 0, 1, or 2 for wrong usage
  says    texts that the error must have, besides the file's name
CHECKPOINT is a small one that `remember train` wrote (run.py makes it). Python's standard library alone is needed.
"""
import json
import os
import sys

import case
from checkpoint_cases import make_checkpoints
from npy_cases import make_npy
from safetensors_cases import make_safetensors
from text_cases import make_commands, make_configurations, make_pairs
from zip_cases import make_zip


def main():
    case.folder = sys.argv[1]
    os.makedirs(case.folder, exist_ok=True)
    make_npy()
    make_zip()
    make_safetensors()
    make_checkpoints(sys.argv[2])
    make_pairs()
    make_configurations()
    make_commands()
    with open(os.path.join(case.folder, "cases.json"), "w") as file:
        json.dump(case.cases, file, indent=1)


if __name__ == "__main__":
    main()
