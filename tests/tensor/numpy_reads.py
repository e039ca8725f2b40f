"""numpy_reads.py TESTS_TENSOR: lets heed write files and compares what NumPy reads from them, and the other way round.
Exits 77, which ctest calls skipped, where there is no NumPy."""
import os
import subprocess
import sys
import tempfile

try:
    import numpy as np
except ImportError:
    print(f"skipped: {sys.executable} has no numpy")
    sys.exit(77)


def check_archive(path):
    archive = np.load(path)
    expected = {
        "f4": np.full((2, 2), 0.1, "f4"), "f8": np.full(3, 0.1), "i8": np.arange(24).reshape(2, 3, 4),
        "b1": np.array([True, False]), "scalar": np.array(-2.5, "f4"), "empty": np.empty((0, 4), "f4"),
        "größe.x": np.ones(1, "f4"), "deep": np.ones((1,) * 7 + (100000,), "f4"),
        "text": np.frombuffer("naïve\n".encode(), "u1"),
    }
    assert archive.files == list(expected), archive.files
    for name, wanted in expected.items():
        got = archive[name]
        assert got.dtype == wanted.dtype and got.shape == wanted.shape, (name, got.dtype, got.shape)
        assert np.array_equal(got, wanted), (name, got)


def run(test, folder):
    subprocess.run([sys.argv[1], test], check=True, env={**os.environ, "HEED_NUMPY_FOLDER": folder})


def write_compressed(path):
    """Sizes around those of zlib's pieces, of what compresses to matches that cross them and of what does not."""
    members = {}
    for count in (0, 1, 1000, 65535, 65536, 65537, 65541, 65575, 131072, 131079, 262147):
        members[f"zeros_{count}"] = np.zeros(count, "f4")
        members[f"bools_{count}"] = np.zeros(count, "?")
        members[f"range_{count}"] = np.arange(count)
    np.savez_compressed(path, **members)


with tempfile.TemporaryDirectory() as folder:
    write_compressed(folder + "/compressed.npz")
    run("an archive that NumPy wrote and compressed is read whole*", folder)
    run("files for NumPy to read", folder)
    matrix = np.load(folder + "/matrix.npy")
    assert matrix.dtype == np.float32 and matrix.tolist() == [[0, 3], [1, 4], [2, 5]], matrix
    assert matrix.flags.c_contiguous
    check_archive(folder + "/deflated.npz")
    check_archive(folder + "/stored.npz")
    assert np.load(folder + "/nothing.npz").files == []
    sizes = [os.path.getsize(f"{folder}/{name}.npz") for name in ("deflated", "stored")]
    assert sizes[0] < sizes[1] / 10, sizes
