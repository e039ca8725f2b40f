"""Safetensors files."""
import json
import struct

from case import add, cases


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
