"""safetensors_peer.py TESTS_TENSOR: a reader and a writer of safetensors of its own, from the format's description alone.
heed reads what it writes, and it reads what heed writes. Exits 77, which ctest calls skipped, where there is no NumPy."""
import json
import os
import struct
import subprocess
import sys
import tempfile

try:
    import numpy as np
except ImportError:
    print(f"skipped: {sys.executable} has no numpy")
    sys.exit(77)

TYPES = {"F32": "<f4", "F64": "<f8", "I64": "<i8", "BOOL": "?"}  # those that heed writes
METADATA = {"format": "pt", "größe": "two\nlines \"quoted\" \\"}


def write(path, tensors, padding):
    """tensors: name -> (dtype of the format, shape, bytes)."""
    header, data = {"__metadata__": METADATA}, b""
    for name, (dtype, shape, contents) in tensors.items():
        header[name] = {"dtype": dtype, "shape": shape, "data_offsets": [len(data), len(data) + len(contents)]}
        data += contents
    text = json.dumps(header, ensure_ascii=False).encode() + b" " * padding
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text + data)


def read(path):
    with open(path, "rb") as file:
        contents = file.read()
    length, = struct.unpack_from("<Q", contents)
    assert length % 8 == 0 and contents[8:9] == b"{", length
    header = json.loads(contents[8:8 + length].decode())
    metadata, data, end = header.pop("__metadata__", {}), contents[8 + length:], 0
    tensors = {}
    for name, entry in sorted(header.items(), key=lambda item: item[1]["data_offsets"]):
        assert set(entry) == {"dtype", "shape", "data_offsets"}, entry
        dtype, (first, last) = np.dtype(TYPES[entry["dtype"]]), entry["data_offsets"]
        assert first == end and first % dtype.itemsize == 0, (name, entry, end)
        tensors[name] = np.frombuffer(data[first:last], dtype).reshape(entry["shape"])
        end = last
    assert end == len(data), (end, len(data))
    return tensors, metadata


def examples():
    """Arrays as they are in the file, each with what heed must make of it."""
    bits = np.arange(65536, dtype="<u2")
    yield "half", "F16", bits.view("<f2"), bits.view("<f2").astype("f4")
    yield "brain", "BF16", bits, (bits.astype("<u4") << 16).view("<f4")
    yield "nothing", "F32", np.empty((3, 0), "<f4"), np.empty((3, 0), "f4")
    yield "number", "F64", np.array(-0.1), np.array(-0.1)
    yield "single", "F32", np.arange(6, dtype="<f4").reshape(1, 2, 3) / 7, np.arange(6, dtype="<f4").reshape(1, 2, 3) / 7
    yield "flags", "BOOL", np.array([[True], [False]]), np.array([[True], [False]])
    for size in (1, 2, 4, 8):
        for letter in "iu":
            kind = np.iinfo(f"{letter}{size}")
            array = np.array([kind.min, min(kind.max, 2**63 - 1), 5], f"<{letter}{size}")
            yield f"größe.{letter}{size}", f"{letter.upper()}{8 * size}", array, array.astype("i8")


def compare(name, got, wanted):
    assert got.dtype == wanted.dtype and got.shape == wanted.shape, (name, got.dtype, got.shape)
    same = np.array_equal(got, wanted, equal_nan=True) if name == "half" else got.tobytes() == wanted.tobytes()
    assert same, (name, got, wanted)


def check(padding):
    with tempfile.TemporaryDirectory() as folder:
        write(folder + "/python.safetensors", {name: (dtype, list(array.shape), array.tobytes())
                                               for name, dtype, array, _ in examples()}, padding)
        subprocess.run([sys.argv[1], "a safetensors file of Python and one for it"], check=True,
                       env={**os.environ, "HEED_NUMPY_FOLDER": folder})
        tensors, metadata = read(folder + "/heed.safetensors")
        assert metadata == METADATA, metadata
        wanted = {name: array for name, _, _, array in examples()}
        assert set(tensors) == set(wanted), set(tensors) ^ set(wanted)
        for name, array in wanted.items():
            compare(name, tensors[name], array)
            compare(name, np.load(f"{folder}/{name}.npy"), array)


for bytes_of_padding in (0, 1, 7):  # data at any place, though heed itself begins it at a multiple of 8
    check(bytes_of_padding)
