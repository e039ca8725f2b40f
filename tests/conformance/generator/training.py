"""Cases of optimisers, clipping, schedules and whole training runs."""
import torch
from torch import nn
from torch.nn import functional

from .cases import normal

OPTIMIZERS = [
    ("SGD", {"lr": 0.1}), ("SGD", {"lr": 0.2, "momentum": 0.8, "weight_decay": 0.05}),
    ("SGD", {"lr": 0.1, "momentum": 0.7, "nesterov": True}), ("SGD", {"lr": 0.1, "momentum": 0.6, "dampening": 0.2}),
    ("Adam", {"lr": 0.02}), ("Adam", {"betas": [0.7, 0.9], "eps": 1e-5, "weight_decay": 0.2}),
    ("Adam", {"lr": 0.02, "amsgrad": True, "betas": [0.5, 0.6]}), ("AdamW", {}),
    ("AdamW", {"lr": 0.02, "weight_decay": 0.2, "amsgrad": True}), ("RMSprop", {}),
    ("RMSprop", {"lr": 0.02, "alpha": 0.8, "eps": 1e-4, "weight_decay": 0.1}),
    ("RMSprop", {"momentum": 0.7, "centered": True}), ("Adagrad", {}),
    ("Adagrad", {"lr": 0.2, "lr_decay": 0.1, "weight_decay": 0.1, "initial_accumulator_value": 0.3, "eps": 1e-6}),
]


def made_optimizer(what, args, parameters):
    betas = {"betas": tuple(args["betas"])} if "betas" in args else {}
    return getattr(torch.optim, what)(parameters, **{**args, **betas})


def optimizers(cases):
    a, b, steps = cases.size(2), cases.size(2), 5
    for i, (what, args) in enumerate(OPTIMIZERS):
        parameter = nn.Parameter(normal(a, b))
        arrays = {"in.param": parameter.detach().clone()}
        optimizer = made_optimizer(what, args, [parameter])
        for step in range(steps):
            parameter.grad = arrays[f"in.grad.{step}"] = normal(a, b)
            parameter.grad = parameter.grad.clone()
            optimizer.step()
            arrays[f"out.param.{step}"] = parameter.detach().clone()
        cases.save(f"optim.{what}-{i}", {"kind": "optim", "name": what, "args": args, "steps": steps}, arrays)


def clips(cases):
    shapes = [(cases.size(), cases.size()), (), (cases.size(),)]
    grid = [("clip_grad_norm", {"max_norm": 0.5}), ("clip_grad_norm", {"max_norm": 50.0}), ("clip_grad_value", {"clip_value": 0.3})]
    for i, (what, args) in enumerate(grid):
        parameters, arrays = [nn.Parameter(normal(*shape)) for shape in shapes], {}
        for k, parameter in enumerate(parameters):
            parameter.grad = normal(*shapes[k])
            arrays[f"in.grad.{k}"] = parameter.grad.clone()
        norm = getattr(nn.utils, what + "_")(parameters, **args)
        arrays.update({f"out.grad.{k}": parameter.grad for k, parameter in enumerate(parameters)})
        arrays.update({} if norm is None else {"out.total_norm": norm})
        cases.save(f"clip.{what}-{i}", {"kind": "clip", "name": what, "args": args}, arrays)


def schedules(cases):
    grid = [("StepLR", {"step_size": 4, "gamma": 0.3}), ("StepLR", {"step_size": 2}), ("MultiStepLR", {"milestones": [1, 4, 4, 9]}),
            ("ExponentialLR", {"gamma": 0.8}), ("CosineAnnealingLR", {"T_max": 5, "eta_min": 0.01}), ("CosineAnnealingLR", {"T_max": 30}),
            ("LinearLR", {}), ("LinearLR", {"start_factor": 0.5, "end_factor": 0.1, "total_iters": 7}),
            ("ConstantLR", {"factor": 0.2, "total_iters": 3})]
    for i, (what, args) in enumerate(grid):
        optimizer = torch.optim.SGD([nn.Parameter(normal(1))], lr=0.4)
        schedule = getattr(torch.optim.lr_scheduler, what)(optimizer, **args)
        rates = []
        for _ in range(12):
            rates.append(optimizer.param_groups[0]["lr"])
            optimizer.step()
            schedule.step()
        cases.save(f"schedule.{what}-{i}", {"kind": "schedule", "name": what, "args": {"lr": 0.4, **args}}, {"out.lr": rates})


def training(cases):
    runs = [("LSTM", "Adam", {"lr": 0.05}, 0.4), ("GRU", "SGD", {"lr": 0.5, "momentum": 0.9, "nesterov": True}, 0.6),
            ("RNN", "RMSprop", {"lr": 0.02, "centered": True}, 1.0), ("LSTM", "AdamW", {"lr": 0.05, "amsgrad": True}, 10.0),
            ("GRU", "Adagrad", {"lr": 0.3}, 0.5)]
    for i, (kind, what, args, clip) in enumerate(runs):
        symbols, hidden, steps, batch, length = cases.size(3), cases.size(2, 4), 6, 2, 4
        layers = [{"name": "Embedding", "args": {"num_embeddings": symbols, "embedding_dim": 3}},
                  {"name": kind, "args": {"input_size": 3, "hidden_size": hidden, "bidirectional": i % 2 == 1, "batch_first": True}},
                  {"name": "Linear", "args": {"in_features": hidden * (1 + i % 2), "out_features": symbols}}]
        modules = nn.ModuleList([getattr(nn, layer["name"])(**layer["args"]) for layer in layers]).double()
        arrays = {"param." + key: value.detach().clone() for key, value in modules.named_parameters()}
        optimizer, history = made_optimizer(what, args, modules.parameters()), []
        for step in range(steps):
            x, target = torch.randint(0, symbols, (2, batch, length))
            arrays.update({f"in.x.{step}": x, f"in.target.{step}": target})
            optimizer.zero_grad()
            logits = modules[2](modules[1](modules[0](x))[0])
            loss = functional.cross_entropy(logits.flatten(0, 1), target.flatten())
            loss.backward()
            nn.utils.clip_grad_norm_(modules.parameters(), clip)
            optimizer.step()
            history.append(loss.item())
        arrays.update({"out.loss": history}, **{"out.param." + key: value for key, value in modules.named_parameters()})
        cases.save(f"training.{kind}-{i}", {"kind": "training", "name": "training", "layers": layers, "steps": steps,
                   "loss": "cross_entropy", "optim": {"name": what, "args": args}, "clip_grad_norm": clip, "rtol": 1e-7, "atol": 1e-8}, arrays)


FAMILIES = (optimizers, clips, schedules, training)
