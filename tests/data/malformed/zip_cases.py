"""Zip archives (.npz)."""
import struct
import zlib

from case import add, cases
from npy_cases import npy


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
