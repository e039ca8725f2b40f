#!/usr/bin/env python3
"""Makes the .npy and .npz files beside it, with NumPy and zipfile; tests/tensor/npz.cpp knows what they hold."""
import io
import pathlib
import warnings
import zipfile

import numpy as np

FOLDER = pathlib.Path(__file__).parent


def npy(array, version=None):
    buffer = io.BytesIO()
    np.lib.format.write_array(buffer, array, version=version)
    return buffer.getvalue()


def write_zip(name, members, compression=zipfile.ZIP_STORED, zip64=False):
    with zipfile.ZipFile(FOLDER / name, "w", compression, allowZip64=True) as archive:
        for member, data in members:
            entry = zipfile.ZipInfo(member, (1980, 1, 1, 0, 0, 0))
            entry.compress_type = compression
            with archive.open(entry, "w", force_zip64=zip64) as out:
                out.write(data)


def main():
    table = np.arange(6, dtype=np.float32).reshape(2, 3) / 4
    for version in (1, 2, 3):
        (FOLDER / f"version{version}.npy").write_bytes(npy(table, (version, 0)))
    (FOLDER / "fortran.npy").write_bytes(npy(np.asfortranarray(np.arange(24.0).reshape(2, 3, 4))))
    (FOLDER / "big_endian.npy").write_bytes(npy(np.array([1.5, -2.25, np.inf], ">f4")))

    signed = {f"i{size}": np.array([-(2 ** (8 * size - 1)), -1, 0, 2 ** (8 * size - 1) - 1], f"<i{size}")
              for size in (1, 2, 4, 8)}
    unsigned = {f"u{size}": np.array([0, 1, min(2 ** (8 * size), 2**63) - 1], f"<u{size}") for size in (1, 2, 4, 8)}
    half = np.array([0x0000, 0x8000, 0x0001, 0x03FF, 0x0400, 0x3C00, 0xC100, 0x7BFF, 0x7C00, 0xFC00, 0x7E01],
                    "<u2").view("<f2")
    arrays = {
        "table": table, **signed, **unsigned, "f2": half, "f8": np.array([0.1, -1e300]),
        "b1": np.array([True, False, True]), "scalar": np.array(42, "<i8"), "empty": np.zeros((0, 3), "<f4"),
        "big_i2": np.array([[1, -2], [300, -400]], ">i2"), "big_f8": np.array([0.1], ">f8"),
        "fortran": np.asfortranarray(np.arange(6, dtype="<i4").reshape(2, 3)),
        "nan": np.array([0x7FC12345, 0xFFA54321], "<u4").view("<f4"),
        "text": np.frombuffer("naïve\n".encode(), "u1"),
    }
    members = [(f"{name}.npy", npy(array)) for name, array in arrays.items()]
    write_zip("stored.npz", members)
    write_zip("deflated.npz", members, zipfile.ZIP_DEFLATED)
    write_zip("zip64.npz", members[:2], zipfile.ZIP_DEFLATED, zip64=True)
    write_zip("bzip2.npz", members[:1], zipfile.ZIP_BZIP2)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        write_zip("duplicate.npz", [("a.npy", npy(table)), ("a.npy", npy(table + 1))])


main()
