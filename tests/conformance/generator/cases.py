"""Writes cases, and draws the random numbers that they are made of."""
import json
import pathlib

import numpy
import torch


class Cases:
    """The folder that cases go to, and the random numbers that they are made of."""

    def __init__(self, folder, seed):
        self.folder = pathlib.Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.sizes = numpy.random.default_rng(seed)
        torch.manual_seed(seed)

    def size(self, low=1, high=6):
        return int(self.sizes.integers(low, high + 1))

    def save(self, name, description, arrays):
        single = description.setdefault("dtype", "float64") == "float32"
        description.setdefault("rtol", 1e-4 if single else 1e-9)
        description.setdefault("atol", 1e-5 if single else 1e-10)
        members = {key: value.detach().numpy() if torch.is_tensor(value) else numpy.asarray(value)
                   for key, value in arrays.items()}
        members = {key: value if value.ndim == 0 else numpy.ascontiguousarray(value) for key, value in members.items()}
        members["case"] = numpy.frombuffer(json.dumps(description).encode(), dtype=numpy.uint8)
        path = self.folder / f"{name}.npz"
        assert not path.exists(), f"two cases are called {name}"
        numpy.savez_compressed(path, **members)

    def differentiate(self, label, kind, what, function, inputs, args=None, module=None, dtype="float64", data=()):
        """Saves outputs of function(**inputs), random gradients for them, and the gradients that follow.

        Inputs named in `data` get no gradient."""
        real = getattr(torch, dtype)
        leaves, arrays = {}, {}
        for key, value in inputs.items():
            value = value.to(real) if value.is_floating_point() else value
            if value.is_floating_point() and key not in data:
                leaves["in." + key] = value.requires_grad_()
            arrays["in." + key] = value
        if module is not None:
            for key, value in module.named_parameters():
                leaves["param." + key] = arrays["param." + key] = value
        outputs = function(**inputs_of(arrays))
        outputs = outputs if isinstance(outputs, dict) else {"y": outputs}
        total = torch.zeros((), dtype=real)
        for key, value in outputs.items():
            arrays["out." + key] = value
            if value.requires_grad:
                arrays["cot." + key] = torch.randn_like(value)
                total = total + (value * arrays["cot." + key]).sum()
        if total.requires_grad:
            gradients = torch.autograd.grad(total, list(leaves.values()), allow_unused=True)
            for (key, leaf), gradient in zip(leaves.items(), gradients):
                arrays["grad." + key] = torch.zeros_like(leaf) if gradient is None else gradient
        self.save(f"{kind}.{what}-{label}", {"kind": kind, "name": what, "args": args or {}, "dtype": dtype}, arrays)

    def op(self, label, what, function, inputs, args=None):
        self.differentiate(label, "op", what, function, inputs, args)

    def layer(self, label, module, args, inputs, function=None, **more):
        """A layer with random parameters: those it starts with are small, and some of them zero."""
        module = module.to(getattr(torch, more.get("dtype", "float64")))
        with torch.no_grad():
            for parameter in module.parameters():
                parameter.normal_(0, 0.5)
        self.differentiate(label, "layer", type(module).__name__, function or (lambda x: module(x)), inputs, args, module,
                           **more)


def inputs_of(arrays):
    return {key[3:]: value for key, value in arrays.items() if key.startswith("in.")}


def normal(*shape):
    return torch.randn(shape, dtype=torch.float64)


def positive(*shape):
    return torch.rand(shape, dtype=torch.float64) * 2 + 0.2


def coin(*shape):
    return torch.rand(shape) < 0.5
