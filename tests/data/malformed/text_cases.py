"""Pairs of text, configurations and the command line."""
import gzip

from case import add


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
