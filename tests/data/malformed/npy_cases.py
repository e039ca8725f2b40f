"""Arrays (.npy)."""
import struct

from case import add


def npy(elements=b"\0" * 8, descr="'<f4'", order="False", shape="(2,)", header=None, version=(1, 0), length=None):
    """A .npy file; `header` replaces the dictionary, `length` the header's size."""
    text = header if header is not None else "{'descr': %s, 'fortran_order': %s, 'shape': %s, }" % (descr, order, shape)
    text = text if isinstance(text, bytes) else text.encode()
    width = "<H" if version[0] == 1 else "<I"
    return (b"\x93NUMPY" + bytes(version) + struct.pack(width, len(text) if length is None else length) + text + elements)


def text_npy(text):
    data = text if isinstance(text, bytes) else text.encode()
    return npy(data, "'|u1'", shape="(%d,)" % len(data))


def make_npy():
    good = npy()
    add("npy", "good.npy", good, status=0)
    add("npy", "good-scalar.npy", npy(b"\0" * 4, shape="()"), status=0)
    add("npy", "good-empty.npy", npy(b"", shape="(0, 3)"), status=0)
    add("npy", "good-version2.npy", npy(version=(2, 0)), status=0)
    add("npy", "good-fortran.npy", npy(b"\0" * 24, order="True", shape="(2, 3)"), status=0)
    add("npy", "empty.npy", b"", "only 0 bytes")
    for size in (1, 5, 9):
        add("npy", "cut-%d.npy" % size, good[:size], "only")
    for size in (10, 20, len(good) - 9):
        add("npy", "cut-%d.npy" % size, good[:size], "cannot be")
    for size in (1, 4, 8):
        add("npy", "cut-in-data-%d.npy" % size, good[:-size], "needs 8 bytes")
    add("npy", "trailing.npy", good + b"x", "1 byte after the array")
    add("npy", "second-array.npy", good + good, "second array")
    add("npy", "text.npy", b"this is a text, no array", "no NumPy array")
    add("npy", "zip.npy", b"PK\x03\x04" + b"\0" * 40, "zip archive")
    add("npy", "pickle.npy", b"\x80\x04" + b"\0" * 40, "pickle")
    add("npy", "version-0.npy", npy(version=(0, 0)), "version 0.0")
    add("npy", "version-4.npy", npy(version=(4, 0)), "version 4.0")
    add("npy", "version-1.7.npy", npy(version=(1, 7)), "version 1.7")
    add("npy", "long-header.npy", npy(header=b" " * 70000, version=(2, 0)), "longer than that of any")
    add("npy", "huge-header.npy", npy(version=(2, 0), length=0xFFFFFFFF), "cannot be")
    for name, descr in (("objects", "'|O'"), ("text", "'<U5'"), ("bytes", "'|S3'"), ("void", "'|V8'"),
                        ("complex", "'<c8'"), ("long-double", "'<f16'"), ("date", "'<M8[ns]'"), ("none", "''"),
                        ("f3", "'<f3'"), ("order", "'|f4'")):
        add("npy", "type-%s.npy" % name, npy(descr=descr), "cannot be read")
    add("npy", "type-records.npy", npy(descr="[('a', '<f4')]"), "records")
    add("npy", "type-escape.npy", npy(descr="'<\x1b[31mf4'"), r"\x1B[31m")
    add("npy", "type-number.npy", npy(descr="4"), "expected '")
    for name, shape, says in (("negative", "(-1,)", "negative size"), ("nine-axes", "(" + "1, " * 9 + ")", "axes"),
                              ("float", "(2.0,)", "expected"), ("text", "('2',)", "expected a size"),
                              ("list", "[2]", "expected '('"), ("open", "(2,", "expected"),
                              ("huge", "(1000000000000,)", "4000000000000"), ("overflow", "(4611686018427387904, 4)", "2^63"),
                              ("overflow-empty", "(4611686018427387904, 4, 0)", "2^63"), ("digits", "(" + "9" * 30 + ",)", "expected a size")):
        add("npy", "shape-%s.npy" % name, npy(shape=shape), says)
    rest = "'fortran_order': False, 'shape': (2,), }"
    add("npy", "key-twice.npy", npy(header="{'descr': '<f4', 'descr': '<f8', " + rest), "'descr' is there twice")
    add("npy", "shape-twice.npy", npy(header="{'descr': '<f4', 'shape': (2,), " + rest), "'shape' is there twice")
    add("npy", "key-unknown.npy", npy(header="{'descr': '<f4', 'colour': 1, " + rest), "unknown key 'colour'")
    add("npy", "key-escape.npy", npy(header="{'\x1b]0;x\x07': '<f4', " + rest), r"\x1B]0;x\x07")
    add("npy", "key-missing.npy", npy(header="{'descr': '<f4'}"), "needs the keys")
    add("npy", "no-dictionary.npy", npy(header="[1, 2]"), "expected '{'")
    add("npy", "string-open.npy", npy(header="{'descr"), "string without end")
    add("npy", "after-dictionary.npy", npy(header="{'descr': '<f4', " + rest + " import os"), "unexpected text")
    add("npy", "order-word.npy", npy(order="Maybe"), "True or False")
    add("npy", "u8-large.npy", npy(b"\xff" * 8, "'<u8'", shape="()"), "does not fit int64")
