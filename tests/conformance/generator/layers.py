"""Cases of layers without attention."""
import torch
from torch import nn

from .cases import normal


def plain_layers(cases):
    batch, steps, inputs, outputs = (cases.size(2) for _ in range(4))
    for dtype in ("float64", "float32"):
        for bias in (True, False):
            args = {"in_features": inputs, "out_features": outputs, "bias": bias}
            cases.layer(f"{bias}-{dtype}", nn.Linear(**args), args, {"x": normal(batch, steps, inputs)}, dtype=dtype)
    for padding_idx in (None, 0, 4):
        args = {"num_embeddings": 5, "embedding_dim": outputs, "padding_idx": padding_idx}
        cases.layer(padding_idx, nn.Embedding(**args), args, {"x": torch.randint(0, 5, (batch, steps))})
    for affine in (True, False):
        for shape in ([outputs], [steps, outputs]):
            args = {"normalized_shape": shape, "elementwise_affine": affine, "eps": 1e-3}
            x = normal(batch, steps, outputs) * 3 + 1
            cases.layer(f"{len(shape)}-{affine}", nn.LayerNorm(**args), args, {"x": x})


def recurrent(cases, label, kind, args, lengths=None, states=False, dtype="float64", sizes=None):
    """One recurrent layer over a batch of sequences, on PyTorch's packed sequences where lengths are given."""
    inputs, hidden, steps, batch = sizes or (cases.size(2, 4), cases.size(2, 4), 4, 3)
    args = {"input_size": inputs, "hidden_size": hidden, **args}
    module = getattr(nn, kind)(**args)
    first = module.batch_first
    tensors = {"x": normal(batch, steps, inputs) if first else normal(steps, batch, inputs)}
    if states:
        shape = (module.num_layers * (2 if module.bidirectional else 1), batch, hidden)
        tensors.update({"h0": normal(*shape), "c0": normal(*shape)} if kind == "LSTM" else {"h0": normal(*shape)})

    def run(x, h0=None, c0=None):
        state = (h0, c0) if c0 is not None else h0
        if lengths is None:
            y, state = module(x, state)
        else:
            packed = nn.utils.rnn.pack_padded_sequence(x, lengths, first, enforce_sorted=False)
            y, state = module(packed, state)
            y, _ = nn.utils.rnn.pad_packed_sequence(y, first, total_length=steps)
        return {"y": y, "h": state[0], "c": state[1]} if kind == "LSTM" else {"y": y, "h": state}

    cases.layer(label, module, args if lengths is None else {**args, "lengths": lengths}, tensors, run, dtype=dtype)


def recurrent_layers(cases):
    grid = [{}, {"num_layers": 2}, {"bidirectional": True}, {"num_layers": 2, "bidirectional": True, "batch_first": True},
            {"bias": False, "batch_first": True}]
    for kind, more in (("RNN", {}), ("RNN", {"nonlinearity": "relu"}), ("LSTM", {}), ("GRU", {})):
        for i, args in enumerate(grid):
            label = "-".join(list(more.values()) + [str(i)])
            recurrent(cases, label, kind, {**args, **more})
            recurrent(cases, label + "-states-lengths", kind, {**args, **more}, [1, 4, 3], states=True)
    recurrent(cases, "float32", "LSTM", {}, dtype="float32", sizes=(7, 9, 5, 2))
    recurrent(cases, "float32", "GRU", {}, dtype="float32", sizes=(7, 9, 5, 2))
    for kind in ("RNNCell", "LSTMCell", "GRUCell"):
        for bias in (True, False):
            args = {"input_size": 3, "hidden_size": 4, "bias": bias}
            module, tensors = getattr(nn, kind)(**args), {"x": normal(2, 3), "h0": normal(2, 4)}
            if kind == "LSTMCell":
                run = lambda x, h0, c0, m=module: dict(zip("hc", m(x, (h0, c0))))
                tensors["c0"] = normal(2, 4)
            else:
                run = lambda x, h0, m=module: {"h": m(x, h0)}
            cases.layer(bias, module, args, tensors, run)


FAMILIES = (plain_layers, recurrent_layers)
