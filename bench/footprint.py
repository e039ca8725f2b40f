#!/usr/bin/env python3
"""What it costs to build with heed and to have it in a program, beside libtorch where that is installed.

Writes docs/footprint.md, or what --out names. Builds the library and `remember` once from nothing, without a compiler cache.
"""
import argparse
import datetime
import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

SOURCE = pathlib.Path(__file__).resolve().parent.parent
SMALL = {
    "heed": "#include <heed/heed.h>\nint main() { return heed::rand({2}).size(0) == 2 ? 0 : 1; }\n",
    "libtorch": "#include <torch/torch.h>\nint main() { return torch::rand({2}).size(0) == 2 ? 0 : 1; }\n",
}

STARTER = """
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cstdio>
int main(int, char** program) {
  if (fork() == 0) {
    execv(program[1], program + 1);
    _exit(127);
  }
  int status = 0;
  rusage usage = {};
  wait4(-1, &status, 0, &usage);
  std::printf("%ld\\n", usage.ru_maxrss);
  return status != 0;
}
"""


def run(*command, **options):
    return subprocess.run([str(part) for part in command], check=True, text=True, capture_output=True, **options)


def cpu_seconds(*command):
    """Processor seconds of a command and its children, the least of five."""
    times = []
    for _ in range(5):
        before = os.times()
        run(*command)
        after = os.times()
        times.append(after.children_user + after.children_system - before.children_user - before.children_system)
    return min(times)


def start_up(program):
    """Milliseconds from starting a program to its end: least and median of 100."""
    times = []
    for _ in range(100):
        before = time.perf_counter()
        subprocess.run([program], check=True, stdout=subprocess.DEVNULL)
        times.append((time.perf_counter() - before) * 1e3)
    return min(times), statistics.median(times)


def resident(program, folder):
    """Peak resident memory of a program, MiB. A child of Python would begin with Python's own peak, so a small program starts it."""
    starter = folder / "starter"
    if not starter.exists():
        source = folder / "starter.cpp"
        source.write_text(STARTER)
        run(os.environ.get("CXX", "c++"), "-O1", source, "-o", starter)
    return int(run(starter, program).stdout.split()[-1]) / 1024


def loaded(program):
    """MiB of the shared libraries that a program loads, beyond those of every C++ program."""
    common = ("libstdc++", "libm.", "libgcc_s", "libc.", "ld-linux", "linux-vdso")
    total = 0
    for line in run("ldd", program).stdout.splitlines():
        parts = line.split()
        if len(parts) > 2 and parts[2].startswith("/") and not parts[0].startswith(common):
            total += os.path.getsize(os.path.realpath(parts[2]))
    return total / 2**20


def build(folder, jobs):
    """Configures and builds the library, `remember` and quickstart; seconds of wall clock and of processors for the first two."""
    run("cmake", "-S", SOURCE, "-B", folder, "-G", "Ninja", "-DCMAKE_BUILD_TYPE=Release", "-DHEED_BUILD_TESTS=OFF", "-DHEED_BUILD_BENCH=OFF",
        "-DCMAKE_CXX_COMPILER_LAUNCHER=")
    print(f"building the library and remember with {jobs} jobs", file=sys.stderr)
    before, cpu = time.perf_counter(), os.times()
    run("cmake", "--build", folder, "--target", "remember", "-j", jobs)
    wall, after = time.perf_counter() - before, os.times()
    run("cmake", "--build", folder, "--target", "quickstart", "-j", jobs)
    return wall, after.children_user + after.children_system - cpu.children_user - cpu.children_system


def torch_flags():
    """Compiler and linker options of an installed libtorch, or nothing."""
    roots = [pathlib.Path("/usr")]
    if "LIBTORCH" in os.environ:
        roots.insert(0, pathlib.Path(os.environ["LIBTORCH"]))
    for root in roots:
        api = root / "include/torch/csrc/api/include"
        if (api / "torch/torch.h").exists():
            return ["-I", root / "include", "-I", api], [f"-L{root / 'lib'}", f"-Wl,-rpath,{root / 'lib'}", "-ltorch", "-ltorch_cpu", "-lc10"]
    return None


def small_program(name, folder, includes, libraries):
    """Compiles the smallest program that makes a tensor; the costs of including, starting and having it."""
    source, program = folder / f"{name}.cpp", folder / name
    source.write_text(SMALL[name])
    compiler = os.environ.get("CXX", "c++")
    print(f"compiling with {name}", file=sys.stderr)
    include = cpu_seconds(compiler, "-std=c++20", "-fsyntax-only", *includes, source)
    run(compiler, "-std=c++20", "-O2", *includes, source, "-o", program, *libraries)
    run("strip", program)
    least, median = start_up(program)
    return {
        "include": f"{include:.2f} s",
        "size": f"{os.path.getsize(program) / 2**20:.2f} MiB",
        "loaded": f"{loaded(program):.1f} MiB",
        "start": f"{least:.1f} ms (median {median:.1f})",
        "memory": f"{resident(program, folder):.1f} MiB",
    }


def processor():
    for line in pathlib.Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.split(":")[1].strip()
    return "unknown"


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=pathlib.Path, default=SOURCE / "docs/footprint.md")
    parser.add_argument("--jobs", type=int, default=len(os.sched_getaffinity(0)))
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        wall, cpu = build(folder / "build", arguments.jobs)
        floors = [folder / f"build/{floor}/libheed_{floor}.a" for floor in ("nn", "autograd", "tensor")]
        includes = [f"-I{SOURCE / floor / 'include'}" for floor in ("tensor", "autograd", "nn")]
        heed = small_program("heed", folder, includes, floors + ["-lzip", "-lz"])
        peer = dict.fromkeys(heed, "not installed")
        if torch_flags():
            peer = small_program("libtorch", folder, *torch_flags())
        quickstart = shutil.copy(folder / "build/bin/quickstart", folder / "quickstart")
        run("strip", quickstart)
        compiler = run(os.environ.get("CXX", "c++"), "--version").stdout.splitlines()[0]
        size = os.path.getsize(quickstart) / 2**20

    def row(what, key):
        return f"| {what} | {heed[key]} | {peer[key]} |\n"

    arguments.out.write_text(
        "# Footprint\n\n"
        "What it costs to build with heed and to have it in a program. `./dev bench footprint` measures it and writes this page.\n\n"
        f"Measured on {datetime.date.today()}: {processor()}, {arguments.jobs} jobs, {compiler}.\n\n"
        "| | heed | libtorch |\n| --- | --- | --- |\n"
        f"| a build from nothing: the library and `remember` | {wall / 60:.1f} min ({cpu / 60:.1f} min of processors) | |\n"
        + row("one include of everything: `heed/heed.h`, `torch/torch.h`", "include")
        + row("the smallest program that makes a tensor, stripped", "size")
        + row("the shared libraries it loads, beyond those of every C++ program", "loaded")
        + row("it starts, makes a tensor and ends", "start")
        + row("its peak of resident memory", "memory")
        + f"| `quickstart`, linked with a static heed, stripped | {size:.1f} MiB | |\n")
    print(arguments.out.read_text())


if __name__ == "__main__":
    main()
