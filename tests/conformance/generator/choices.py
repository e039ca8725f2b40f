"""Cases of sorting, choosing, sums over named axes, norms; of activations with a parameter and weighted losses."""
import torch
from torch.nn import functional

from .cases import coin, normal, positive


def functions(cases):
    a, b = cases.size(2), cases.size(2)
    for what in ("expm1", "log1p"):
        cases.op(0, what, getattr(torch, what), {"x": positive(a, b) - 0.9})
    for i, slope in enumerate((0.01, 0.3)):
        args = {"negative_slope": slope}
        cases.op(i, "leaky_relu", lambda x, k=args: functional.leaky_relu(x, **k), {"x": normal(a, b)}, args)
    for i, alpha in enumerate((1.0, 0.4)):
        cases.op(i, "elu", lambda x, k=alpha: functional.elu(x, k), {"x": normal(a, b) * 3}, {"alpha": alpha})


def orders(cases):
    a, b, c = cases.size(2), cases.size(3), cases.size(2)
    named = lambda result: {"y": result[0], "indices": result[1]}
    for dim in (0, 1, -1):
        args = {"dim": dim, "descending": dim == 1}
        cases.op(dim, "sort", lambda x, k=args: named(x.sort(**k)), {"x": normal(a, b, c)}, args)
        args = {"dim": dim, "k": 2, "largest": dim != 1}
        cases.op(dim, "topk", lambda x, k=args: named(x.topk(**k)), {"x": normal(a, b, c)}, args)
        for what in ("max", "min"):
            args = {"dim": dim, "keepdim": dim == 0}
            cases.op(dim, what + "_with_indices", lambda x, f=getattr(torch, what), k=args: named(f(x, **k)),
                     {"x": normal(a, b, c)}, args)
    cases.op(0, "masked_select", lambda x, mask: x.masked_select(mask), {"x": normal(a, b), "mask": coin(b)})
    cases.op(0, "nonzero", lambda x: x.nonzero(), {"x": torch.randint(0, 2, (a, b, c))})
    cases.op(0, "one_hot", lambda x: functional.one_hot(x, 5), {"x": torch.randint(0, 5, (a, b))}, {"num_classes": 5})
    for i, diagonal in enumerate((0, 1, -2)):
        for what in ("tril", "triu"):
            args = {"diagonal": diagonal}
            cases.op(i, what, lambda x, f=getattr(torch, what), k=args: f(x, **k), {"x": normal(a, b, c)}, args)
    for i, repeats in enumerate(([2, 3], [3, 1, 2])):
        cases.op(i, "repeat", lambda x, k=repeats: x.repeat(*k), {"x": normal(a, b)}, {"repeats": repeats})


def norms(cases):
    a, b, c = cases.size(2), cases.size(2), cases.size(2)
    for i, (p, dim, keepdim) in enumerate(((2.0, [1], False), (1.0, [0], True), (3.0, [0, 2], False), ("inf", [-1], False))):
        args = {"p": p, "dim": dim, "keepdim": keepdim}
        cases.op(i, "norm", lambda x, k=args: torch.linalg.vector_norm(x, float(k["p"]), k["dim"], k["keepdim"]),
                 {"x": normal(a, b, c)}, args)
    for i, (dim, keepdim) in enumerate((([0], False), ([1, 2], True))):
        args = {"dim": dim, "keepdim": keepdim, "unbiased": i == 0}
        cases.op(i, "std", lambda x, k=args: x.std(**k), {"x": normal(a, b, c)}, args)
    for i, shapes in enumerate((((a, b, c), (a, b, c)), ((a, b, c), (b, c)))):
        x, y = (normal(*shape) for shape in shapes)
        cases.op(i, "cosine_similarity", lambda x, y: functional.cosine_similarity(x, y, 1), {"x": x, "y": y}, {"dim": 1})


def named_axes(cases):
    sizes = {letter: cases.size(2) for letter in "bijkhd"}
    shape = lambda letters: [sizes[letter] for letter in letters]
    equations = (("ij,jk->ik", "ij", "jk"), ("bij,bkj->bki", "bij", "bkj"), ("bihd,bjhd->bhij", "bihd", "bjhd"),
                 ("i,j->ij", "i", "j"), ("ij,ij->", "ij", "ij"), ("iji,jk->ik", "iji", "jk"), ("jk,ij", "jk", "ij"),
                 ("...ij,...jk->...ik", "bhij", "hjk"))
    for i, (equation, *letters) in enumerate(equations):
        inputs = {name: normal(*shape(each)) for name, each in zip("xyz", letters)}
        cases.op(i, "einsum", lambda e=equation, **x: torch.einsum(e, *x.values()), inputs, {"equation": equation})
    inputs = {name: normal(*shape(each)) for name, each in zip("xyz", ("ij", "jk", "kd"))}
    cases.op("three", "einsum", lambda **x: torch.einsum("ij,jk,kd->id", *x.values()), inputs, {"equation": "ij,jk,kd->id"})


def weighted_losses(cases):
    n, classes = cases.size(4, 8), cases.size(3)
    target = torch.randint(0, classes, (n,))
    target[::3] = -100
    weight = positive(classes)
    for i, args in enumerate(({}, {"reduction": "sum"}, {"reduction": "none"}, {"label_smoothing": 0.2},
                              {"label_smoothing": 0.2, "reduction": "none"})):
        cases.differentiate(f"weight-{i}", "loss", "cross_entropy",
                            lambda x, target, weight, k=args: functional.cross_entropy(x, target, weight, **k),
                            {"x": normal(n, classes), "target": target, "weight": weight}, args, data=("weight",))
        if "label_smoothing" not in args:
            cases.differentiate(f"weight-{i}", "loss", "nll_loss",
                                lambda x, target, weight, k=args: functional.nll_loss(x, target, weight, **k),
                                {"x": normal(n, classes).log_softmax(-1), "target": target, "weight": weight}, args,
                                data=("weight",))
    for i, args in enumerate(({}, {"reduction": "sum"}, {"reduction": "none"})):
        x, labels = normal(n, classes) * 3, torch.rand(n, classes, dtype=torch.float64)
        loss = functional.binary_cross_entropy_with_logits
        cases.differentiate(f"pos-{i}", "loss", loss.__name__,
                            lambda x, target, pos_weight, k=args: loss(x, target, pos_weight=pos_weight, **k),
                            {"x": x, "target": labels, "pos_weight": positive(classes)}, args,
                            data=("target", "pos_weight"))
        both = {"weight": positive(n, 1), "pos_weight": positive(classes)}
        cases.differentiate(f"both-{i}", "loss", loss.__name__, lambda x, target, k=args, **w: loss(x, target, **w, **k),
                            {"x": x, "target": labels, **both}, args, data=("target", *both))
        cases.differentiate(i, "loss", "smooth_l1_loss",
                            lambda x, target, k=args: functional.smooth_l1_loss(x, target, beta=0.6, **k),
                            {"x": normal(n, classes), "target": normal(n, classes)}, {**args, "beta": 0.6})
        for log_target in (False, True):
            target = normal(n, classes).softmax(-1)
            more = {**args, "log_target": log_target}
            cases.differentiate(f"{log_target}-{i}", "loss", "kl_div",
                                lambda x, target, k=more: functional.kl_div(x, target, **k),
                                {"x": normal(n, classes).log_softmax(-1), "target": target.log() if log_target else target},
                                more)


class RMSNorm(torch.nn.Module):
    """torch.nn.RMSNorm, which PyTorch has since 2.4, by its formula."""

    def __init__(self, normalized_shape, eps=None, elementwise_affine=True):
        super().__init__()
        self.axes, self.eps = tuple(range(-len(normalized_shape), 0)), eps
        self.weight = torch.nn.Parameter(torch.ones(normalized_shape)) if elementwise_affine else None

    def forward(self, x):
        eps = torch.finfo(x.dtype).eps if self.eps is None else self.eps
        y = x * (x.pow(2).mean(self.axes, keepdim=True) + eps).rsqrt()
        return y if self.weight is None else y * self.weight


def root_mean_square(cases):
    batch, steps, size = cases.size(2), cases.size(2), cases.size(2)
    for affine in (True, False):
        for shape, eps in (([size], None), ([steps, size], 1e-2)):
            args = {"normalized_shape": shape, "elementwise_affine": affine, "eps": eps}
            cases.layer(f"{len(shape)}-{affine}", RMSNorm(**args), args, {"x": normal(batch, steps, size) * 3})


FAMILIES = (functions, orders, norms, named_axes, weighted_losses, root_mean_square)
