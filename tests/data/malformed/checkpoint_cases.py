"""Checkpoints of remember."""
import json
import struct
import zipfile

from case import add, cases
from npy_cases import npy, text_npy
from zip_cases import Member, archive


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
