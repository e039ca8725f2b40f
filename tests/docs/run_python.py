"""Runs a script that a page of docs/ shows; exit 77, which ctest reports as skipped, where a package that it needs is missing."""
import runpy
import sys

try:
    runpy.run_path(sys.argv[1], run_name="__main__")
except ModuleNotFoundError as missing:
    print("skipped: %s" % missing)
    sys.exit(77)
