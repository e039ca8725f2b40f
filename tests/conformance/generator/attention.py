"""Cases of layers with attention."""
import torch
from torch import nn

from .cases import coin, normal


def multihead_attention(cases):
    heads, batch, t, s = cases.size(1, 3), cases.size(2, 3), cases.size(2), cases.size(2)
    embed = heads * cases.size(1, 3)
    padding = torch.arange(s) >= torch.tensor([s, max(1, s - 1), 1][:batch])[:, None]
    some = coin(t, s)
    some[:, 0] = False
    per_head = some | coin(batch * heads, t, s)
    per_head[..., 0] = False
    grid = [({}, {}, {}), ({"bias": False}, {}, {"average_attn_weights": False}), ({"kdim": embed + 1, "vdim": embed + 3}, {}, {}),
            ({"batch_first": False}, {"key_padding_mask": padding}, {}), ({}, {"attn_mask": some}, {"average_attn_weights": False}),
            ({}, {"attn_mask": per_head, "key_padding_mask": padding & ~padding[:, :1]}, {}), ({}, {"attn_mask": normal(t, s)}, {}),
            ({}, {"attn_mask": normal(batch * heads, t, s)}, {"average_attn_weights": False})]
    for i, (more, masks, call) in enumerate(grid):
        args = {"embed_dim": embed, "num_heads": heads, "batch_first": True, **more}
        module = nn.MultiheadAttention(**args)
        tensors = {"query": normal(batch, t, embed), "key": normal(batch, s, module.kdim), "value": normal(batch, s, module.vdim)}
        if not args["batch_first"]:
            tensors = {key: value.transpose(0, 1).contiguous() for key, value in tensors.items()}
        run = lambda m=module, k=call, **x: dict(zip(("y", "weights"), m(**x, **k)))
        for dtype in ("float64", "float32") if i == 0 else ("float64",):
            cases.layer(f"{i}-{dtype}", module, {**args, **call}, {**tensors, **masks}, run, dtype=dtype)


class AdditiveAttention(nn.Module):
    """v' tanh(W s + U h): Bahdanau, Cho, Bengio 2015, appendix A.1.2."""

    def __init__(self, query_size, memory_size, attention_size):
        super().__init__()
        self.query_proj = nn.Linear(query_size, attention_size, False)
        self.memory_proj = nn.Linear(memory_size, attention_size, False)
        self.score_proj = nn.Linear(attention_size, 1, False)

    def scores(self, query, memory):
        both = self.query_proj(query).unsqueeze(2) + self.memory_proj(memory).unsqueeze(1)
        return self.score_proj(both.tanh()).squeeze(-1)


class LuongAttention(nn.Module):
    """dot s' h, general s' W h, concat v' tanh(W [s; h]): Luong, Pham, Manning 2015, section 3.1."""

    def __init__(self, query_size, memory_size, score):
        super().__init__()
        self.score = score
        if score == "general":
            self.memory_proj = nn.Linear(memory_size, query_size, False)
        if score == "concat":
            self.concat_proj = nn.Linear(query_size + memory_size, query_size, False)
            self.score_proj = nn.Linear(query_size, 1, False)

    def scores(self, query, memory):
        if self.score != "concat":
            return query @ (memory if self.score == "dot" else self.memory_proj(memory)).mT
        t, s = query.shape[1], memory.shape[1]
        both = [query.unsqueeze(2).expand(-1, -1, s, -1), memory.unsqueeze(1).expand(-1, t, -1, -1)]
        return self.score_proj(self.concat_proj(torch.cat(both, -1)).tanh()).squeeze(-1)


def memory_attention(cases):
    batch, t, s, q, m = (cases.size(2) for _ in range(5))
    mask = coin(batch, s)
    mask[:, 0] = False

    def case(label, module, args, memory_size):
        def run(query, memory, mask=None):
            scores = module.scores(query, memory)
            scores = scores if mask is None else scores.masked_fill(mask.unsqueeze(1), -torch.inf)
            return {"context": scores.softmax(-1) @ memory, "weights": scores.softmax(-1)}

        for hidden in ({}, {"mask": mask}):
            tensors = {"query": normal(batch, t, q), "memory": normal(batch, s, memory_size), **hidden}
            cases.layer("-".join([*label, *hidden]) or "plain", module, args, tensors, run)

    args = {"query_size": q, "memory_size": m, "attention_size": cases.size(2)}
    case([], AdditiveAttention(**args), args, m)
    for score in ("dot", "general", "concat"):
        args = {"query_size": q, "memory_size": q if score == "dot" else m, "score": score}
        case([score], LuongAttention(**args), args, args["memory_size"])


def transformers(cases):
    heads, batch, t, s = 2, 2, cases.size(2, 4), cases.size(2, 4)
    embed = heads * cases.size(1, 2)
    padding = torch.zeros(batch, s, dtype=torch.bool)
    padding[0, 1:] = True
    causal = torch.ones(t, t, dtype=torch.bool).triu(1)
    far = torch.ones(s, s, dtype=torch.bool).triu(2)
    memory_mask = torch.ones(t, s, dtype=torch.bool).triu(1)
    for i, activation in enumerate(("relu", "gelu", "relu", "gelu")):
        args = {"d_model": embed, "nhead": heads, "dim_feedforward": 5, "dropout": 0.0, "activation": activation,
                "norm_first": i > 1, "batch_first": True, "layer_norm_eps": 1e-4}
        masks = [{}, {"src_key_padding_mask": padding}, {"src_mask": far}, {"src_mask": far, "src_key_padding_mask": padding}][i]
        module = nn.TransformerEncoderLayer(**args)
        cases.layer(i, module, args, {"x": normal(batch, s, embed), **masks}, lambda x, m=module, **k: m(x, **k))
        masks = [{}, {"tgt_mask": causal}, {"memory_mask": memory_mask}, {"tgt_mask": causal, "memory_key_padding_mask": padding}][i]
        module = nn.TransformerDecoderLayer(**args)
        tensors = {"x": normal(batch, t, embed), "memory": normal(batch, s, embed), **masks}
        cases.layer(i, module, args, tensors, lambda x, memory, m=module, **k: m(x, memory, **k))
    args = {key: value for key, value in args.items() if key != "batch_first"}  # PyTorch's default: (T, B, E)
    stack = {**args, "num_layers": 2, "norm": True}
    module = nn.TransformerEncoder(nn.TransformerEncoderLayer(**args), 2, nn.LayerNorm(embed, 1e-4))
    cases.layer("stack", module, stack, {"x": normal(s, batch, embed), "src_key_padding_mask": padding},
                lambda x, src_key_padding_mask: module(x, src_key_padding_mask=src_key_padding_mask))
    decoder = nn.TransformerDecoder(nn.TransformerDecoderLayer(**args), 2, nn.LayerNorm(embed, 1e-4))
    cases.layer("stack", decoder, stack, {"x": normal(t, batch, embed), "memory": normal(s, batch, embed), "tgt_mask": causal},
                lambda x, memory, tgt_mask: decoder(x, memory, tgt_mask=tgt_mask))


FAMILIES = (multihead_attention, memory_attention, transformers)
