"""Makes files that are broken on purpose, each with what a program must say of it.

make.py FOLDER CHECKPOINT writes them, and FOLDER/cases.json: a list of objects with
  name    of the case, which is also the name of its file if it has one
  reader  npy, npz, safetensors: of read_tensors; checkpoint, pairs, config: of remember; command: its arguments
  status  that the program must exit with: 0, 1, or 2 for wrong usage
  says    texts that the error must have, besides the file's name
CHECKPOINT is a small one that `remember train` wrote (run.py makes it). Python's standard library alone is needed.
"""
import gzip
import json
import os
import struct
import sys
import zipfile
import zlib

cases = []
folder = ""


def add(reader, name, content, says="", status=1, arguments=()):
    """Notes a case; `content` are a file's bytes, or None for no file."""
    if content is not None:
        with open(os.path.join(folder, name), "wb") as file:
            file.write(content)
    says = [says] if isinstance(says, str) else list(says)
    cases.append({"name": name, "reader": reader, "status": status, "says": [s for s in says if s],
                  "arguments": list(arguments), "file": content is not None})


# --- .npy ---

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


# --- zip ---

class Member:
    """A member of an archive; `local` and `central` replace fields of its two headers."""

    def __init__(self, name, data, method=0, flags=0, local=None, central=None, raw=None):
        self.name, self.data, self.method, self.flags = name, data, method, flags
        self.local, self.central = local or {}, central or {}
        packer = zlib.compressobj(9, zlib.DEFLATED, -15)
        self.raw = raw if raw is not None else data if method == 0 else packer.compress(data) + packer.flush()

    def fields(self, changes):
        name = self.name if isinstance(self.name, bytes) else self.name.encode()
        fields = {"name": name, "method": self.method, "flags": self.flags, "crc": zlib.crc32(self.data),
                  "packed": len(self.raw), "size": len(self.data), "extra": b""}
        fields.update(changes)
        return fields


def archive(members, before=b"", after=b"", comment=b"", end=None, between=b"", directory_extra=b""):
    """A zip archive; `end` replaces fields of its last record."""
    data, directory = b"", b""
    for member in members:
        f = member.fields(member.local)
        offset = len(data)
        data += (b"PK\x03\x04" + struct.pack("<HHHHHIIIHH", 20, f["flags"], f["method"], 0, 33, f["crc"], f["packed"],
                                             f["size"], len(f["name"]), len(f["extra"])) + f["name"] + f["extra"]
                 + member.raw + between)
        f = member.fields(member.central)
        directory += (b"PK\x01\x02" + struct.pack("<HHHHHHIIIHHHHHII", 20, 20, f["flags"], f["method"], 0, 33, f["crc"],
                                                  f["packed"], f["size"], len(f["name"]), len(f["extra"]), 0,
                                                  f.get("disk", 0), 0, 0, f.get("offset", offset))
                      + f["name"] + f["extra"])
    directory += directory_extra
    e = {"disk": 0, "here": len(members), "members": len(members), "bytes": len(directory), "offset": len(data),
         "comment": len(comment)}
    e.update(end or {})
    return (before + data + directory + b"PK\x05\x06" + struct.pack("<HHHHIIH", e["disk"], 0, e["here"], e["members"],
                                                                    e["bytes"], e["offset"], e["comment"]) + comment + after)


def make_zip():
    x = npy()

    def one(name, says, status=1, **changes):
        add("npz", name + ".npz", archive([Member("x.npy", x, **changes)]), says, status)

    one("good", "", 0)
    one("good-deflated", "", 0, method=8)
    add("npz", "good-empty.npz", archive([]), status=0)
    add("npz", "good-comment.npz", archive([Member("x.npy", x)], comment=b"a comment"), status=0)
    good = archive([Member("x.npy", x), Member("y.npy", x, method=8)])
    add("npz", "good-two.npz", good, status=0)
    add("npz", "empty.npz", b"", "the file is empty")
    add("npz", "text.npz", b"no archive", "Not a zip archive")
    add("npz", "npy.npz", x, "one array (.npy)")
    for size in (1, 4, 30, len(good) // 2, len(good) - 30, len(good) - 1):
        add("npz", "cut-%d.npz" % size, good[:size], "ip archive")
    add("npz", "before.npz", b"#!/bin/sh\n" + good, "10 bytes before it")
    add("npz", "after.npz", good + b"more", "4 bytes after it")
    add("npz", "two-archives.npz", good + good, "before it")
    add("npz", "two-ends.npz", archive([Member("x.npy", x)], comment=good[-22:]), "second end record")
    add("npz", "between.npz", archive([Member("x.npy", x), Member("y.npy", x)], between=b"??"), "belong to no member")
    add("npz", "directory-extra.npz", archive([Member("x.npy", x)], directory_extra=b"12345678"), "more in its directory")
    for field, value, says in (("disk", 1, "contradict"), ("here", 2, "contradict"), ("bytes", 10, "ip archive"),
                               ("offset", 3, "before it"), ("offset", 99999, "does not lie")):
        add("npz", "end-%s-%d.npz" % (field, value), archive([Member("x.npy", x)], end={field: value}), says)
    add("npz", "end-members.npz", archive([Member("x.npy", x)], end={"here": 9, "members": 9}), "no entry 2")
    add("npz", "end-64-missing.npz", archive([Member("x.npy", x)], end={"offset": 0xFFFFFFFF}), "does not lie")
    for name, says in (("../up.npy", "leads out"), ("/root.npy", "leads out"), ("a/../../b.npy", "leads out"),
                       ("..\\up.npy", "leads out"), ("", "must not be empty"), ("a\0b.npy", "control"),
                       ("\x1b[2Jx.npy", r"\x1B[2J"), ("a\nb.npy", r"a\x0Ab"), ("\x7f.npy", "control"),
                       ("\u202enpy.x", "control"), (b"\xff\xfe.npy", "UTF-8")):
        add("npz", "name-%d.npz" % len(cases), archive([Member(name, x, flags=2048)]), says)
    one("local-name", "is called 'y.npy' in its own header", local={"name": b"y.npy"})
    one("local-name-escape", r"\x1B", local={"name": b"\x1b[31m"})
    for field, value in (("size", 5), ("packed", 5), ("crc", 5), ("method", 8), ("flags", 2048)):
        one("local-" + field, "contradicts the directory", local={field: value})
    for field, value in (("size", 5), ("packed", 5), ("crc", 5)):
        both = {field: value}
        one("both-" + field, "", local=both, central=both)
    for size in (0xFFFFFFF0, 1 << 30):
        claim = {"size": size, "packed": size}
        one("claims-%d" % size, "of a file of", local=claim, central=claim)
        one("claims-deflated-%d" % size, "", method=8, local={"size": size}, central={"size": size})
    one("extra-64-missing", "broken entry", central={"size": 0xFFFFFFFF})
    one("extra-cut", "broken entry", central={"extra": b"\x01\x00\x20\x00abc"})
    one("extra-twice", "broken entry", central={"extra": (b"\x01\x00\x08\x00" + b"\0" * 8) * 2})
    one("disk", "broken entry", central={"disk": 3})
    one("offset", "no header at byte", central={"offset": 7})
    one("offset-beyond", "must begin in the file", central={"offset": 1 << 30})
    one("method-bzip2", "compression method 12", method=8, local={"method": 12}, central={"method": 12})
    one("method-unknown", "compression method 99", method=8, local={"method": 99}, central={"method": 99})
    one("encrypted", "is encrypted", flags=1)
    one("deflate-broken", "is broken", method=8, raw=b"\xff" * 60)
    one("deflate-cut", "is cut off", method=8, raw=Member("", x, 8).raw[:-4])
    one("deflate-more", "holds bytes after", method=8, raw=Member("", x, 8).raw + b"xyz")
    longer = Member("", x + b"\0" * 50, 8).raw
    one("deflate-longer", "holds more than its size says", method=8, raw=longer)
    one("folder", "", 0)
    add("npz", "is-folder.npz", archive([Member("some/", b"")]), "is a folder")
    add("npz", "twice.npz", archive([Member("x.npy", x), Member("x.npy", x)]), "two members are named 'x'")
    add("npz", "twice-suffix.npz", archive([Member("x", x), Member("x.npy", x)]), "two members are named 'x'")
    many = [Member("x%d.npy" % i, x, central={"offset": 0}) for i in range(3)]
    add("npz", "overlap.npz", archive(many), "is called 'x0.npy' in its own header")
    nested = Member("x.npy", x, local={"packed": 400, "size": 400}, central={"packed": 400, "size": 400})
    add("npz", "overlap-next.npz", archive([nested, Member("y.npy", b"z" * 400)]), "overlaps what follows")
    names = [Member("%d" % i, b"") for i in range(70000)]
    add("npz", "members-70000.npz", archive(names, end={"here": 70000 & 0xFFFF, "members": 70000 & 0xFFFF}),
        "more in its directory")
    big = npy(b"\0" * (100 << 20), shape="(26214400,)")
    add("npz", "header-promises-less.npz", archive([Member("x.npy", npy() + b"\0" * (60 << 20), 8)]), "after the array")
    add("npz", "header-promises-more.npz", archive([Member("x.npy", npy(shape="(99999999,)"), 8)]), "needs 399999996 bytes")
    return big


# --- safetensors ---

def make_safetensors():
    def file(header, data=b"\0" * 8, length=None):
        text = header if isinstance(header, bytes) else header.encode()
        return struct.pack("<Q", len(text) if length is None else length) + text + data

    def entry(says="", name=None, status=1, data=b"\0" * 8, **fields):
        tensor = {"dtype": "F32", "shape": [2], "data_offsets": [0, 8]}
        tensor.update(fields)
        header = json.dumps({"x": {k: v for k, v in tensor.items() if v is not None}})
        add("safetensors", "%s-%d.safetensors" % (name or "_".join(fields) or "good", len(cases)), file(header, data), says, status)

    def header(name, text, says, data=b"\0" * 8, status=1):
        add("safetensors", name + ".safetensors", file(text, data), says, status)

    good = '"dtype":"F32","shape":[2],"data_offsets":[0,8]'
    entry(status=0)
    for dtype, count in (("F64", 1), ("F16", 4), ("BF16", 4), ("I64", 1), ("I8", 8), ("U16", 4), ("BOOL", 8)):
        entry(status=0, dtype=dtype, shape=[count])
    header("good-metadata", '{"__metadata__":{"format":"pt"},"x":{%s}}  ' % good, "", status=0)
    header("good-empty", "{}", "", b"", 0)
    for dtype in ("F8_E4M3", "C64", "f32", "", "\x1b[31m"):
        entry("cannot be read", dtype=dtype)
    for shape in ([3], [], [1, 1], [2**61, 4], [0]):
        entry("needs", shape=shape)
    for shape in ([-2], [2.0], ["2"], [None], [[2]], [True], [1] * 20, "2", 2, {}):
        entry("broken header at 'x'", shape=shape)
    for offsets in ([0], [0, 4, 8], [-1, 8], [0.5, 8], ["0", 8], "0:8"):
        entry("broken header at 'x'", data_offsets=offsets)
    for offsets in ([4, 12], [8, 0], [0, 2**61], [2**61, 8]):
        entry("tensor 'x'", data_offsets=offsets)
    for field in ("dtype", "shape", "data_offsets"):
        entry("broken header at 'x'", name="without-" + field, **{field: None})
    entry("unknown key", colour=1)
    entry("must hold 8 bytes", name="trailing", data=b"\0" * 9)
    entry("must hold 8 bytes", name="cut-data", data=b"\0" * 7)
    header("key-twice", '{"x":{"dtype":"F32",%s}}' % good, "'dtype' is there twice")
    header("tensor-twice", '{"x":{%s},"x":{%s}}' % (good, good), "'x' is there twice")
    header("overlap", '{"x":{%s},"y":{%s}}' % (good, good), "must begin at byte 8")
    header("gap", '{"x":{%s},"y":{"dtype":"F32","shape":[1],"data_offsets":[12,16]}}' % good, "must begin at byte 8", b"\0" * 16)
    header("metadata-number", '{"__metadata__":{"a":1}}', "broken header", b"")
    header("metadata-list", '{"__metadata__":[]}', "broken header", b"")
    header("metadata-deep", '{"__metadata__":{"a":{"b":"c"}}}', "broken header", b"")
    header("metadata-twice", '{"__metadata__":{"a":"1","a":"2"}}', "twice", b"")
    header("name-escape", '{"\\u001b[31m":{%s}}' % good, r"\x1B[31m")
    header("name-empty", '{"":{%s}}' % good, "cannot be the name")
    header("name-surrogate", '{"\\ud800":{%s}}' % good, "no JSON")
    header("not-utf8", b'{"\xff":1}', "no JSON")
    header("list", "[]", "starts no header")
    header("deep-list", '{"x":' + "[" * 1000000, "broken header")
    header("deep-object", '{"x":' * 1000000, "broken header")
    header("after", "{}{}", "no JSON", b"")
    header("cut", '{"x":', "no JSON", b"")
    header("blanks", " " * 1000000, "starts no header", b"")
    header("bom", b"\xef\xbb\xbf{}", "starts no header", b"")
    header("float", '{"x":1e99999}', "broken header")
    for size in (0, 1, 7, 8):
        add("safetensors", "cut-%d.safetensors" % size, file("{}", b"")[:size], "only")
    add("safetensors", "length-huge.safetensors", file("{}", length=2**63), "8388608")
    add("safetensors", "length-long.safetensors", file("{}", length=8388608), "cut off")
    empty = '"%x":{"dtype":"I8","shape":[0],"data_offsets":[0,0]},'
    header("many-tensors", "{" + "".join(empty % i for i in range(140000)), "more than 65535", b"")
    header("many-texts", '{"__metadata__":{' + ",".join('"%x":""' % i for i in range(700000)), "more than 65535", b"")
    add("safetensors", "length-short.safetensors", file("{}", b"", length=1), "no JSON")
    add("safetensors", "zip.safetensors", b"PK\x03\x04" + b"\0" * 40, "zip archive")
    add("safetensors", "pickle.safetensors", b"\x80\x02" + b"\0" * 40, "pickle")


# --- checkpoints ---

def repacked(members, method=0):
    return archive([Member(name, data, method) for name, data in members.items()])


def make_checkpoints(path):
    with zipfile.ZipFile(path) as file:
        base = {name: file.read(name) for name in file.namelist()}
    configuration = json.loads(base["configuration.npy"].split(b"\n", 1)[1])
    metrics = json.loads(base["metrics.npy"].split(b"\n", 1)[1])

    def change(name, says, members=None, method=0, **changed):
        new = dict(base if members is None else members)
        for key, data in changed.items():
            new[key.replace("__", ".") + ".npy"] = data
        add("checkpoint", name + ".checkpoint.npz", repacked(new, method), says)

    def describe(name, says, edit, of=configuration, member="configuration"):
        text = json.loads(json.dumps(of))
        edit(text)
        change(name, says, **{member: text_npy(json.dumps(text))})

    add("checkpoint", "good.checkpoint.npz", repacked(base), status=0)
    add("checkpoint", "good-deflated.checkpoint.npz", repacked(base, 8), status=0)
    for member in ("format", "step", "epoch", "position", "configuration", "metrics"):
        without = {k: v for k, v in base.items() if k != member + ".npy"}
        change("without-" + member, member + " is missing", without)
    for member, data, says in (("format", npy(b"\x09" + b"\0" * 7, "'<i8'", shape="()"), "a later version"),
                               ("format", npy(b"\0" * 8, "'<i8'", shape="()"), "format is 0"),
                               ("step", npy(b"\xff" * 8, "'<i8'", shape="()"), "at least 0"),
                               ("step", npy(b"\0" * 4, shape="()"), "whole number"),
                               ("epoch", npy(b"\0" * 8, "'<i8'", shape="(1,)"), "whole number"),
                               ("configuration", npy(), "needs text"),
                               ("generator__default", npy(), "three whole numbers"),
                               ("colour", npy(), "no part of a checkpoint"),
                               ("data__order", npy(), "saves no data"),
                               ("model__extra", npy(), "unexpected"),
                               ("optimizer__state.extra.exp_avg", npy(), "its parameter's shape")):
        change("member-%s-%d" % (member.replace("__", "."), len(cases)), says, **{member: data})
    weight = next(name for name in base if name.startswith("model.") and name.endswith("weight.npy"))
    for name, data, says in (("shape", npy(), "wrong shape"), ("dtype", npy(b"\0" * 16, "'<f8'"), "wrong shape")):
        change("weight-" + name, says, {**base, weight: data})
    body = base[weight]
    change("weight-nan", "NaN", {**base, weight: body[:-4] + struct.pack("<f", float("nan"))})
    change("weight-missing", "parameters", {k: v for k, v in base.items() if k != weight})
    moment = next(name for name in base if name.endswith("exp_avg.npy"))
    change("moment-nan", "NaN", {**base, moment: base[moment][:-4] + struct.pack("<f", float("nan"))})
    zeros = npy(b"\0" * (20 << 20), shape="(5242880,)")
    change("bomb-data", "100 times", method=8, **{"data__b%d" % i: zeros for i in range(3)})
    change("bomb-model", "100 times", method=8, **{"model__b%d" % i: zeros for i in range(3)})
    change("bomb-configuration", "at most 8388608 bytes", method=8, configuration=text_npy(b" " * (40 << 20)))
    for name, text, says in (("spaces", b" " * (8 << 20), "description"), ("empty", b"", "description"),
                             ("deep", b"[" * 100000, "levels deep"), ("deep-objects", b'{"a":' * 100000, "levels deep"),
                             ("values", b"[" + b"1," * 600000 + b"1]", "500000 values"),
                             ("keys", ("{" + ",".join('"%d":1' % i for i in range(5000)) + "}").encode(), "1000 keys"),
                             ("twice", json.dumps(configuration)[:-1].encode() + b',"format":1}', "'format' is there twice"),
                             ("not-utf8", b'{"program": "\xff"}', "description"), ("cut", b'{"program": "rem', "description"),
                             ("after", json.dumps(configuration).encode() + b"{}", "description"),
                             ("array", b"[]", "description"), ("null", b"null", "description"), ("number", b"1e999999", "description")):
        change("json-" + name, says, method=8, configuration=text_npy(text))

    def options(part, key, value):
        def edit(text):
            text["options"][part][key] = value
        return edit

    for key, value, says in (("hidden", 12000, "larger than"), ("hidden", 0, "from 1"), ("hidden", -5, "from 1"),
                             ("hidden", 8.5, "whole number"), ("hidden", 1e30, "whole number"), ("hidden", "8", "whole number"),
                             ("hidden", 2**63, "whole number"), ("hidden", None, "whole number"), ("hidden", 9, "shape"),
                             ("layers", 64, ""), ("layers", 10**9, "from 1"), ("layers", 2, ""),
                             ("embedding", 65536, "larger than"), ("heads", 0, None), ("cell", "abacus", "one of"),
                             ("cell", "transformer", ""), ("cell", "\x1b[31mlstm", r"\x1B"), ("cell", 5, "description"),
                             ("attention", "much", "one of"), ("attention", "additive", ""), ("dropout", 2, "from 0 to 1"),
                             ("dropout", "x", "description"), ("bidirectional", 1, "description"), ("positions", "none", None)):
        if says is not None:
            describe("model-%s-%d" % (key, len(cases)), says, options("model", key, value))
    for key, value, says in (("train_length", "100000", "from 1 to"), ("train_length", "5:2", "MIN"), ("train_length", 3, "description"),
                             ("symbols", 1, "from 2"), ("symbols", 2.5, "whole number"), ("task", "sing", "one of"),
                             ("task", "pairs", "--data"), ("data", "x", "--task pairs"), ("train_size", -1, "from 0")):
        describe("data-%s-%d" % (key, len(cases)), says, options("data", key, value))
    for key, value, says in (("batch", 0, "from 1"), ("batch", 10**9, "from 1"), ("learning_rate", -1, "above 0"),
                             ("seed", -1, "whole number"), ("seed", 1.5, "whole number"), ("steps", 1e9 + 0.5, "whole number"),
                             ("until", "never", "one of"), ("clip", 0, "above 0")):
        describe("training-%s-%d" % (key, len(cases)), says, options("training", key, value))
    for key, value, says in (("program", "another", "another program"), ("program", "\x1b[2J", "program"), ("program", 5, "description"),
                             ("format", 99, "format"), ("format", 1.5, "whole number"), ("fingerprint", -1, "whole number"),
                             ("options", [], "description"), ("source_vocabulary", "abc", "description"),
                             ("source_vocabulary", ["a", "a"], "twice"), ("source_vocabulary", [""], "empty"),
                             ("source_vocabulary", ["a"] + ["t%d" % i for i in range(100000)], "larger than"),
                             ("target_vocabulary", [], "shape")):
        describe("key-%s-%d" % (key, len(cases)), says, lambda text, k=key, v=value: text.__setitem__(k, v))
    for key in ("program", "options", "source_vocabulary", "target_vocabulary", "fingerprint", "format"):
        describe("key-missing-" + key, "", lambda text, k=key: text.pop(k))
    for key, value, says in (("loss_steps", 0.5, "whole number"), ("best_step", "x", "whole number"), ("plateau", 5, "description")):
        describe("metrics-%s-%d" % (key, len(cases)), says, lambda text, k=key, v=value: text.__setitem__(k, v), metrics, "metrics")


# --- pairs of text ---

def make_pairs():
    good = b"a b\tc d\nb a\td c\n" * 4 + b"e\tf\n"
    add("pairs", "good.tsv", good, status=0)
    add("pairs", "good.tsv.gz", gzip.compress(good), status=0)
    add("pairs", "good-two-members.tsv.gz", gzip.compress(good) + gzip.compress(b"x\ty\n"), status=0)
    add("pairs", "good-crlf-bom.tsv", b"\xef\xbb\xbf" + good.replace(b"\n", b"\r\n"), status=0)
    packed = gzip.compress(good)
    for name, content, says in (("empty", b"", "got none"), ("no-tab", b"a\tb\nno tab\n", ":2: "), ("two-tabs", b"a\tb\tc\n", "2 tabs"),
                                ("nul", b"a\tb\nx\0\ty\n", ":2: a NUL"), ("not-utf8", b"a\tb\n\xff\ty\n", ":2:1: "),
                                ("overlong", b"a\t\xc0\xaf\n", ":1:3: "), ("surrogate", b"a\t\xed\xa0\x80\n", "surrogate"),
                                ("no-source", b"\tb\nc\td\n", "source must have"), ("no-target", b"a\t\nc\td\n", "target must have"),
                                ("one-source", b"a\tb\na\tc\n", "different sources"), ("long-line", b"a\t" + b"x" * (2 << 20), ":1: the line is longer"),
                                ("npz", b"PK\x03\x04" + b"\0" * 100, ":1: "), ("zeros", b"\0" * (3 << 20), ":1: ")):
        add("pairs", "pairs-%s.tsv" % name, content, says)
    for name, content, says in (("cut", packed[:-9], "cut off"), ("crc", packed[:-8] + b"0000" + packed[-4:], "incorrect data check"),
                                ("size", packed[:-4] + b"0000", "incorrect length"), ("garbage", packed + b"garbage", "bytes after"),
                                ("garbage-1", packed + b"x", "bytes after"), ("garbage-magic", packed + b"\x1f\x8bxx", "unknown compression"),
                                ("zeros-garbage", packed + b"\0\0x", "bytes after"), ("magic", b"\x1f\x8b", "cut off"),
                                ("method", b"\x1f\x8b\x07" + packed[3:], "unknown compression"),
                                ("broken", packed[:15] + b"\xff\xff" + packed[17:], ":"), ("nothing", gzip.compress(b""), "got none"),
                                ("lines", gzip.compress(b"a\tb\n" * 10000000), "100 times"),
                                ("one-line", gzip.compress(b"x" * (50 << 20)), "100 times")):
        add("pairs", "pairs-%s.gz" % name, content, says)


# --- configurations ---

def make_configurations():
    add("config", "good.ini", b"[train]\nhidden=4\nsteps=1\nencoder=gru\ntrain-length=2\n", status=0)
    for name, content, says in (("no-section", b"hidden=4\n", ":1: "), ("other-section", b"[compare]\nsteps=4\n", "without one"),
                                ("unknown-section", b"[trian]\nhidden=4\n", "did you mean train"), ("empty-section", b"[]\n", ":1: "),
                                ("open-section", b"[train\nhidden=4\n", ":1: "), ("unknown-key", b"[train]\nhiden=4\n", "did you mean hidden"),
                                ("no-value", b"[train]\nhidden\n", ":2: "), ("empty-value", b"[train]\nhidden=\n", ":2: "),
                                ("twice", b"[train]\nhidden=4\nhidden=5\n", ":3: "), ("twice-dashes", b"[train]\nhidden=4\n--hidden=5\n", ":3: "),
                                ("word", b"[train]\nhidden=four\n", ":2: "), ("fraction", b"[train]\nhidden=4.5\n", ":2: "),
                                ("negative", b"[train]\nhidden=-4\n", ":2: "), ("huge", b"[train]\nhidden=99999999999999999999\n", ":2: "),
                                ("list", b"[train]\nhidden=4,5\n", ":2: "), ("open-quote", b"[train]\ntask=\"copy\n", ":2: "),
                                ("after-quote", b"[train]\ntask=\"copy\" x\n", ":2: "), ("escape", b"[train]\ntask=\"\\q\"\n", ":2: "),
                                ("nul", b"[train]\nhid\0den=4\n", ":2: "), ("flag", b"[train]\nbidirectional=perhaps\n", ":2: "),
                                ("long-section", b"[" + b"x" * 24000 + b"]\n", ":1: "), ("long-name", b"[" + b"x" * 200 + b"]\n", "100 bytes"),
                                ("long-key", b"[train]\n" + b"k" * 200 + b"=1\n", "100 bytes"), ("long-line", b"[train]\ntask=" + b"y" * 100000, "16384 bytes"),
                                ("one-line", b"x" * (20 << 20), ":1: "), ("many-lines", b"\n" * 3000000, "2000 lines"),
                                ("many-keys", b"[" + b"x" * 90 + b"]\n" + b"a=1\n" * 100000, ":3: "),
                                ("terminal", b"[train]\n\x1b]0;title\x07=1\n", r"\x1B]0;title\x07"),
                                ("terminal-value", b"[train]\ntask=\x1b[2J\n", r"\x1B[2J"), ("c1", b"[train]\n\xc2\x9b2J=1\n", r"\xC2\x9B"),
                                ("length", b"[train]\ntrain-length=100000\n", "from 1 to"), ("utf16", "[train]\n".encode("utf-16"), ":1: "),
                                ("json", b'{"train": {"hidden": 4}}\n', ":1: ")):
        add("config", "config-%s.ini" % name, content, says, 2)


# --- the command line ---

def make_commands():
    small = ["--encoder", "gru", "--hidden", "4", "--steps", "1"]
    for name, arguments, says in (
            ("unknown-command", ["trian"], "did you mean train"), ("unknown-option", ["train", "--hiden", "4"], "did you mean --hidden"),
            ("no-value", ["attend", "--checkpoint"], "--checkpoint"), ("word", ["train", "--hidden", "four"], "--hidden"),
            ("empty", ["train", "--hidden", ""], "--hidden"), ("negative", ["train", "--hidden", "-1"], "--hidden"),
            ("fraction", ["train", "--hidden", "1.5"], "--hidden"), ("huge", ["train", "--hidden", "9" * 40], "--hidden"),
            ("hex", ["train", "--hidden", "0x10"], "--hidden"), ("nan", ["train", "--lr", "nan"], "--lr"),
            ("infinity", ["train", "--lr", "inf"], "--lr"), ("zero-rate", ["train", "--lr", "0"], "--lr"),
            ("dropout", ["train", "--dropout", "1.5"], "--dropout"), ("task", ["train", "--task", "sing"], "--task"),
            ("escape", ["train", "--task", "\x1b[31mred"], r"\x1B[31mred"), ("title", ["\x1b]0;x\x07"], r"\x1B]0;x\x07"),
            ("length", ["train", "--train-length", "9:2"], "--train-length"), ("length-word", ["train", "--train-length", "a:b"], "--train-length"),
            ("length-huge", ["train", "--train-length", "999999"], "--train-length"), ("pairs", ["train", "--task", "pairs"], "--data"),
            ("data", ["train", "--data", "x"], "--data"), ("extra", ["train", "extra"], "unexpected argument 'extra'"),
            ("long", ["train", "--task", "x" * 100000], "--task"), ("long-option", ["train", "--" + "x" * 100000], "no option"),
            ("models", ["compare", "--models", "abacus"], "--models"), ("checkpoint-none", ["attend", "--input", "a"], "--checkpoint"),
            ("config-none", ["attend", "--config"], "--config")):
        add("command", "command-" + name, None, says, 2, arguments + ["--out", "OUT"] if arguments[0] in ("train", "compare") else arguments)
    for name, path in (("missing", "/nowhere/last.npz"), ("device", "/dev/zero"), ("null", "/dev/null"), ("folder", "/proc"),
                       ("random", "/dev/urandom")):
        add("command", "command-checkpoint-" + name, None, path, 1, ["attend", "--checkpoint", path, "--input", "a"])
    for name, path in (("device", "/dev/zero"), ("missing", "/nowhere/pairs.tsv")):
        add("command", "command-data-" + name, None, path, 1, ["train", "--task", "pairs", "--data", path, "--out", "OUT"] + small)
    add("command", "command-config-device", None, "/dev/zero", 2, ["train", "--config", "/dev/zero"])
    add("command", "command-version", None, "", 0, ["--version"])


def main():
    global folder
    folder = sys.argv[1]
    os.makedirs(folder, exist_ok=True)
    make_npy()
    make_zip()
    make_safetensors()
    make_checkpoints(sys.argv[2])
    make_pairs()
    make_configurations()
    make_commands()
    with open(os.path.join(folder, "cases.json"), "w") as file:
        json.dump(cases, file, indent=1)


if __name__ == "__main__":
    main()
