// check_layer: the properties of a layer, one function each. Each throws a Flaw that says what is wrong.
#include <heed/nn/core/check_layer.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <iterator>
#include <string>
#include <unordered_set>

#include <heed/autograd/detail/walk_graph.h>
#include <heed/autograd/grad_mode.h>
#include <heed/autograd/node.h>
#include <heed/tensor/create.h>
#include <heed/tensor/detail/scope_watch.h>
#include <heed/tensor/elementwise.h>
#include <heed/tensor/error.h>
#include <heed/tensor/index.h>
#include <heed/tensor/random.h>
#include <heed/tensor/text_stream.h>
#include <heed/tensor/view.h>

namespace heed::detail {
namespace {

using Variables = std::vector<Variable>;

struct Flaw {
  std::string message;
};

template <class... Parts>
void require(bool condition, const Parts&... parts) {
  if (!condition) {
    TextStream text;
    (text << ... << parts);
    throw Flaw{text.str()};
  }
}

bool same_bits(const Tensor& a, const Tensor& b) {
  if (a.shape() != b.shape() || a.dtype() != b.dtype()) {
    return false;
  }
  const Tensor x = clone(a), y = clone(b);
  return std::memcmp(x.storage().data(), y.storage().data(), static_cast<size_t>(x.numel() * size_of(x.dtype()))) == 0;
}

void require_same(const Variables& got, const Variables& wanted, const char* what) {
  require(got.size() == wanted.size(), what, ": ", wanted.size(), " outputs became ", got.size());
  for (size_t i = 0; i < got.size(); ++i) {
    require(same_bits(got[i].value(), wanted[i].value()), what, ": output ", i, " is not the same");
  }
}

std::unique_ptr<Module> made(const LayerUnderTest& layer) {
  std::unique_ptr<Module> module = layer.make();
  module->to(DType::float64);
  module->eval();
  return module;
}

/// Leaves in float64 that require gradients; integers and masks as they are.
Variables leaves_of(const std::vector<Tensor>& inputs) {
  Variables leaves;
  for (const Tensor& input : inputs) {
    leaves.push_back(is_floating(input.dtype()) ? Variable(clone(to(input, DType::float64)), true) : Variable(input));
  }
  return leaves;
}

/// Of the sum of all outputs; undefined for an input without a part in it.
Variables gradients_of_sum(const Variables& outputs, const Variables& inputs) {
  Variables roots, ones;
  for (const Variable& output : outputs) {
    if (output.requires_grad()) {
      roots.push_back(output);
      ones.emplace_back(ones_like(output.value()));
    }
  }
  return grad(roots, inputs, {.gradients = ones, .retain_graph = true, .allow_unused = true});
}

std::string name_of(const Module& module, const Variable& wanted) {
  for (const auto& [name, parameter] : module.named_parameters()) {
    if (parameter.same_as(wanted)) {
      return name;
    }
  }
  return "";
}

/// Leaves that require gradients behind `outputs`.
std::vector<const VariableState*> trained_leaves(const Variables& outputs) {
  std::vector<const VariableState*> leaves;
  std::unordered_set<const Node*> seen;
  walk_graph(
      outputs, [&](const Node& node) { return seen.insert(&node).second; },
      [&](const Node& node) {
        for (const Edge& edge : node.edges()) {
          if (edge.leaf) {
            leaves.push_back(edge.leaf.get());
          }
        }
      });
  return leaves;
}

void check_registered(const LayerUnderTest& layer, const Variables& inputs) {
  const auto module = made(layer);
  std::unordered_set<const VariableState*> known;
  for (const auto& each : {inputs, module->parameters()}) {
    std::transform(each.begin(), each.end(), std::inserter(known, known.end()),
                   [](const Variable& x) { return x.state(); });
  }
  for (const VariableState* leaf : trained_leaves(layer.forward(*module, inputs))) {
    require(known.contains(leaf),
            "a Variable that requires a gradient is used and not registered: is "
            "register_parameter() or register_module() missing?");
  }
}

void check_gradients(const LayerUnderTest& layer, const Variables& inputs, const CheckLayerOptions& given) {
  const auto module = made(layer);
  // The layer reads its parameters itself, so they are moved in place.
  Variables moved = inputs;
  GradcheckOptions options = given.gradcheck;
  for (size_t i = options.names.size(); i < inputs.size(); ++i) {
    options.names.push_back("input " + std::to_string(i));
  }
  for (const auto& [name, parameter] : module->named_parameters()) {
    moved.push_back(parameter);
    options.names.push_back("parameter " + name);
  }
  options.in_place = true;
  const auto function = [&](const Variables& leaves) {
    return layer.forward(*module,
                         Variables(leaves.begin(), leaves.begin() + static_cast<std::ptrdiff_t>(inputs.size())));
  };
  const GradcheckResult result = gradcheck(function, moved, options);
  require(result.ok, result.message);
  const Variables outputs = function(moved);
  const Variables found = gradients_of_sum(outputs, module->parameters());
  for (size_t i = 0; i < found.size(); ++i) {
    require(found[i].defined(), "parameter ", name_of(*module, module->parameters()[i]), " has no part in any output");
  }
  if (given.second_order) {
    const GradcheckResult second = gradgradcheck(function, moved, options);
    require(second.ok, "second order: ", second.message);
  }
}

void check_name_scope(const LayerUnderTest& layer, const Variables& inputs) {
  const auto module = made(layer);
  const ScopeWatch watch(module->path());
  layer.forward(*module, inputs);
  require(watch.opened(), "forward opens no NameScope: begin it with `const NameScope scope(path());`");
}

void check_determinism(const LayerUnderTest& layer, const Variables& inputs) {
  const auto module = made(layer);
  require_same(layer.forward(*module, inputs), layer.forward(*module, inputs), "evaluation mode, called twice");
  module->train();
  const GeneratorState before = default_generator().state();
  const Variables first = layer.forward(*module, inputs);
  default_generator().set_state(before);
  const std::string called = "training mode, called twice from one state of the generator";
  const std::string buffers = module->named_buffers().empty() ? "" : ", with buffers as the first call left them";
  require_same(layer.forward(*module, inputs), first, (called + buffers).c_str());
}

void check_state(const LayerUnderTest& layer, const Variables& inputs) {
  const auto module = made(layer), other = made(layer);
  StateDict state;
  for (const auto& [name, value] : module->state_dict()) {
    state.emplace_back(name, clone(value));
  }
  for (Variable parameter : other->parameters()) {
    copy_(parameter.mutable_value(), randn(parameter.shape(), DType::float64));
  }
  layer.forward(*other, inputs);  // a value that it caches from these parameters must not stay
  other->load_state_dict(state);
  require_same(layer.forward(*other, inputs), layer.forward(*module, inputs), "another layer with the state dict");
}

/// The same with `value` past the lengths, and `steps` more of it.
Variables padded(const Variables& inputs, const CheckLayerOptions& options, int64_t steps, double value) {
  Variables result = inputs;
  for (const int64_t i : options.sequences) {
    Variable& input = result.at(static_cast<size_t>(i));
    Shape shape = input.shape();
    const int64_t old_steps = shape[1];
    shape[1] += steps;
    Tensor longer = zeros(shape, input.dtype());
    Tensor old_part = narrow(longer, 1, 0, old_steps);
    copy_(old_part, input.value());
    if (is_floating(input.dtype())) {
      Tensor mask = padding_mask(options.lengths, shape[1]);
      while (mask.rank() < longer.rank()) {
        mask = unsqueeze(mask, -1);
      }
      longer = masked_fill(longer, mask, value);
    }
    input = Variable(longer, input.requires_grad());
  }
  return result;
}

/// `x` cut to `shape` along the axis in which it is longer.
Tensor cut_to(const Tensor& x, const Shape& shape) {
  Tensor y = x;
  for (int64_t axis = 0; axis < std::min(x.rank(), shape.rank()); ++axis) {
    y = y.shape()[axis] > shape[axis] ? narrow(y, axis, 0, shape[axis]) : y;
  }
  return y;
}

void check_gradients_of_padding(const Variables& inputs, const Variables& outputs, const CheckLayerOptions& options) {
  for (const int64_t i : options.sequences) {
    const Variable& input = inputs.at(static_cast<size_t>(i));
    if (!input.requires_grad()) {
      continue;
    }
    const Variable gradient = gradients_of_sum(outputs, {input})[0];
    if (!gradient.defined()) {
      continue;
    }
    require(all_finite(gradient.value()), "NaN past the lengths of input ", i, " reaches its gradient");
    const Variables kept = padded({gradient}, {.lengths = options.lengths}, 0, 0);
    require(same_bits(kept[0].value() + 0.0, gradient.value() + 0.0), "input ", i, " gets a gradient past the lengths");
  }
}

void check_padding(const LayerUnderTest& layer, const Variables& inputs, const CheckLayerOptions& options) {
  const auto module = made(layer);
  const Variables wanted = layer.forward(*module, padded(inputs, options, 0, 0));
  for (const double value : {1.5, std::nan("")}) {
    const Variables other = padded(inputs, options, 0, value);
    const Variables outputs = layer.forward(*module, other);
    require_same(outputs, wanted, std::isnan(value) ? "NaN past the lengths" : "other values past the lengths");
    check_gradients_of_padding(other, outputs, options);
  }
  Variables longer = layer.forward(*module, padded(inputs, options, 3, 0));
  for (size_t i = 0; i < std::min(longer.size(), wanted.size()); ++i) {
    longer[i] = cut_to(longer[i].value(), wanted[i].shape());
  }
  require_same(longer, wanted, "three more steps of padding");
}

}  // namespace

CheckLayerResult run_check_layer(const LayerUnderTest& layer, const std::vector<Tensor>& inputs,
                                 const CheckLayerOptions& options) {
  const GradMode recording(true);
  const Variables leaves = leaves_of(inputs);
  try {
    check_registered(layer, leaves);
    check_determinism(layer, leaves);
    check_state(layer, leaves);
    check_gradients(layer, leaves, options);
    if (options.lengths.defined()) {
      check_padding(layer, leaves, options);
    }
    check_name_scope(layer, leaves);
  } catch (const Flaw& flaw) {
    return {false, flaw.message};
  } catch (const DTypeError& error) {
    return {false, std::string("in float64 the layer still meets another dtype (is a part or parameter not "
                               "registered?): ") +
                       error.what()};
  }
  return {};
}

}  // namespace heed::detail
