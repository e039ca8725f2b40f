"""Cases of operations and losses."""
import torch
from torch.nn import functional

from .cases import coin, normal, positive


def elementwise(cases):
    a, b, c = cases.size(2), cases.size(2), cases.size(2)
    pairs = [((a, b), (a, b)), ((a, 1, c), (b, 1)), ((), (a, b)), ((0, b), (1, b)), ((a, b, c), (c,))]
    for what in ("add", "sub", "mul", "div", "maximum", "minimum"):
        for i, (left, right) in enumerate(pairs):
            cases.op(i, what, lambda x, y, f=getattr(torch, what): f(x, y), {"x": normal(*left), "y": positive(*right)})
    cases.op(0, "pow", lambda x, y: x ** y, {"x": positive(a, b), "y": normal(b)})
    spread = {"exp": 3, "tanh": 5, "sigmoid": 10}
    for what in ("neg", "exp", "tanh", "sigmoid", "relu", "abs", "sin", "cos", "erf"):
        cases.op(0, what, getattr(torch, what), {"x": normal(a, b, c) * spread.get(what, 1)})
    for what in ("softplus", "silu"):
        cases.op(0, what, lambda x, f=getattr(functional, what): f(x), {"x": normal(a, b) * 15})
    for what in ("log", "sqrt"):
        cases.op(0, what, getattr(torch, what), {"x": positive(a, b, c)})
    for how in ("none", "tanh"):
        cases.op(how, "gelu", lambda x, h=how: functional.gelu(x, approximate=h), {"x": normal(a, b) * 2}, {"approximate": how})
    for i, bounds in enumerate(({"min": -0.4, "max": 0.9}, {"min": 0.1}, {"max": 0.0})):
        cases.op(i, "clamp", lambda x, k=bounds: x.clamp(**k), {"x": normal(a, b)}, bounds)
    cases.op(0, "where", lambda x, y, mask: torch.where(mask, x, y), {"x": normal(a, b), "y": normal(b), "mask": coin(a, b)})
    cases.op(0, "masked_fill", lambda x, mask: x.masked_fill(mask, 1.5), {"x": normal(a, b), "mask": coin(b)}, {"value": 1.5})


def reductions(cases):
    a, b, c = cases.size(2), cases.size(2), cases.size(2)
    axes = [([0], False), ([-1], True), ([0, 2], False), ([1, 2], True), ([0, 1, 2], False)]
    for what in ("sum", "mean", "var", "amax", "amin", "logsumexp"):
        named = {"amax": "max", "amin": "min"}.get(what, what)
        for i, (dim, keepdim) in enumerate(axes):
            more = {"unbiased": i % 2 == 0} if what == "var" else {}
            args = {"dim": dim, "keepdim": keepdim, **more}
            cases.op(i, named, lambda x, f=getattr(torch, what), k=args: f(x, **k), {"x": normal(a, b, c) * 3}, args)
    for i, dim in enumerate((0, 1, -1)):
        cases.op(i, "cumsum", lambda x, d=dim: x.cumsum(d), {"x": normal(a, b, c)}, {"dim": dim})
        cases.op(i, "softmax", lambda x, d=dim: x.softmax(d), {"x": normal(a, b, c) * 100}, {"dim": dim})
        cases.op(i, "log_softmax", lambda x, d=dim: x.log_softmax(d), {"x": normal(a, b, c) * 100}, {"dim": dim})
        args = {"dim": dim, "keepdim": i == 1}
        cases.op(i, "argmax", lambda x, k=args: x.argmax(**k), {"x": normal(a, b, c)}, args)


def products(cases):
    a, b, c = cases.size(2), cases.size(2), cases.size(2)
    pairs = [((a, b), (b, c)), ((3, a, b), (3, b, c)), ((2, a, b), (b, c)), ((b,), (b, c)), ((a, b), (b,)), ((b,), (b,)),
             ((2, 1, a, b), (3, b, c)), ((0, b), (b, c)), ((a, 0), (0, c)), ((1, 1), (1, 1)), ((19, 34), (34, 21))]
    for i, (left, right) in enumerate(pairs):
        cases.op(i, "matmul", lambda x, y: x @ y, {"x": normal(*left), "y": normal(*right)})
    turned = {"transpose_x": True, "transpose_y": True}
    cases.op("turned", "matmul", lambda x, y: x.mT @ y.mT, {"x": normal(2, b, a), "y": normal(c, b)}, turned)


def shapes(cases):
    a, b, c = cases.size(2), cases.size(3), cases.size(2)
    x = lambda: {"x": normal(a, b, c)}
    cases.op(0, "transpose", lambda x: x.transpose(0, -1), x(), {"dim0": 0, "dim1": -1})
    cases.op(0, "permute", lambda x: x.permute(2, 0, 1), x(), {"dims": [2, 0, 1]})
    cases.op(0, "reshape", lambda x: x.reshape(c, -1), x(), {"shape": [c, -1]})
    cases.op(0, "broadcast_to", lambda x: x.broadcast_to(a, b, c), {"x": normal(b, 1)}, {"shape": [a, b, c]})
    cases.op(0, "slice", lambda x: x[:, 1:b:2], x(), {"dim": 1, "start": 1, "stop": b, "step": 2})
    cases.op(1, "slice", lambda x: x[..., :-1], x(), {"dim": -1, "start": 0, "stop": -1})
    cases.op(0, "flip", lambda x: x.flip([0, 2]), x(), {"dims": [0, 2]})
    cases.op(0, "squeeze", lambda x: x.squeeze(1), {"x": normal(a, 1, c)}, {"dim": 1})
    cases.op(0, "unsqueeze", lambda x: x.unsqueeze(-1), x(), {"dim": -1})
    cases.op(0, "cat", lambda x, y: torch.cat([x, y], 1), {"x": normal(a, b), "y": normal(a, c)}, {"dim": 1})
    cases.op(0, "stack", lambda x, y: torch.stack([x, y], -1), {"x": normal(a, b), "y": normal(a, b)}, {"dim": -1})
    index = {"index": torch.randint(0, b, (2 * b,))}
    cases.op(0, "index_select", lambda x, index: x.index_select(1, index), {**x(), **index}, {"dim": 1})
    index = {"index": torch.randint(0, b, (a, 2 * b, c))}
    cases.op(0, "gather", lambda x, index: x.gather(1, index), {**x(), **index}, {"dim": 1})


def attend(query, key, value, mask=None, is_causal=False, need_weights=True):
    """softmax(query key' / sqrt(D)) value; what may see nothing has weights of zero."""
    scores = query @ key.mT / query.shape[-1] ** 0.5
    hidden = torch.zeros(scores.shape, dtype=torch.bool) if mask is None else mask.expand(scores.shape)
    if is_causal:
        hidden = hidden | torch.ones(scores.shape[-2:], dtype=torch.bool).triu(1)
    blind = hidden.all(-1, keepdim=True)
    weights = scores.masked_fill(hidden & ~blind, -torch.inf).softmax(-1).masked_fill(blind, 0)
    return {"y": weights @ value, "weights": weights} if need_weights else {"y": weights @ value}


def attention_op(cases):
    def case(label, steps, size, mask=None, **args):
        (batch, heads), (targets, sources) = (cases.size(1, 3), cases.size(1, 3)), steps
        inputs = {key: normal(batch, heads, count, size) for key, count in
                  (("query", targets), ("key", sources), ("value", sources))}
        inputs.update({} if mask is None else {"mask": mask})
        cases.op(label, "scaled_dot_product_attention", lambda **tensors: attend(**tensors, **args), inputs, args)

    t, s, d = cases.size(2), cases.size(2), cases.size(2)
    blind = coin(t, s)
    blind[0] = True
    for need_weights in (True, False):
        tag = "" if need_weights else "-output"
        case("plain" + tag, (t, s), d, need_weights=need_weights)
        case("causal" + tag, (t, t), d, is_causal=True, need_weights=need_weights)
        case("mask" + tag, (t, s), d, blind, need_weights=need_weights)
        case("both" + tag, (t, t), d, coin(1, 1, t, t), is_causal=True, need_weights=need_weights)
    case("long", (67, 71), 2, is_causal=True, need_weights=False)


def losses(cases):
    n, classes = cases.size(4, 8), cases.size(3)
    target = torch.randint(0, classes, (n,))
    partly = target.clone()
    partly[::3] = -100
    grid = [(target, {"reduction": "mean"}), (target, {"reduction": "sum"}), (target, {"reduction": "none"}),
            (partly, {"ignore_index": -100}), (target, {"ignore_index": int(target[0])}), (partly, {"reduction": "none"})]
    for i, (labels, args) in enumerate(grid):
        for what in ("cross_entropy", "nll_loss"):
            x = normal(n, classes) * 30 if what == "cross_entropy" else normal(n, classes).log_softmax(-1).detach()
            cases.differentiate(i, "loss", what, lambda x, target, f=getattr(functional, what), k=args: f(x, target, **k),
                                {"x": x, "target": labels}, args)
    for i, more in enumerate(({}, {"ignore_index": -100}, {"reduction": "sum"})):
        args = {"label_smoothing": 0.2, **more}
        cases.differentiate(f"smooth-{i}", "loss", "cross_entropy", lambda x, target, k=args: functional.cross_entropy(x, target, **k),
                            {"x": normal(n, classes), "target": partly}, args)
    for what in ("mse_loss", "l1_loss", "huber_loss", "binary_cross_entropy_with_logits"):
        for i, args in enumerate(({"reduction": "mean"}, {"reduction": "sum"}, {"reduction": "none"}, {})):
            args = {**args, "delta": 0.7} if what == "huber_loss" and i % 2 else args
            cases.differentiate(i, "loss", what, lambda x, target, f=getattr(functional, what), k=args: f(x, target, **k),
                                {"x": normal(n, classes) * 3, "target": torch.rand(n, classes, dtype=torch.float64)}, args,
                                data=("target",))


FAMILIES = (elementwise, reductions, products, shapes, attention_op, losses)
