// Variable's members; the graph itself is in node.cpp, differentiation in backward.cpp.
#include <heed/autograd/variable.h>

#include <algorithm>
#include <atomic>
#include <limits>

#include <heed/tensor/elementwise.h>
#include <heed/tensor/error.h>

#include "variable_state.h"

namespace heed {
namespace detail {

void add_reference(VariableState* state) noexcept { state->references.fetch_add(1, std::memory_order_relaxed); }

void remove_reference(VariableState* state) noexcept {
  if (state->references.fetch_sub(1, std::memory_order_acq_rel) == 1) {
    delete state;
  }
}

}  // namespace detail

namespace {

void require_differentiable(const Tensor& value) {
  check<DTypeError>(is_floating(value.dtype()), "requires_grad", "needs float32 or float64, got ", value.dtype());
}

std::atomic<int64_t> next_hook{1};
/// Of the hook that retains a gradient: it stays behind those that are registered later.
constexpr int64_t kRetaining = std::numeric_limits<int64_t>::max();

}  // namespace

Variable::Variable(Tensor value, bool requires_grad) {
  if (!value.defined()) {
    check<GraphError>(!requires_grad, "Variable", "a gradient is wanted of an undefined tensor");
    return;
  }
  if (requires_grad) {
    require_differentiable(value);
  }
  state_ = detail::Pointer<detail::VariableState>::adopt(new detail::VariableState);
  state_->value = std::move(value);
  state_->requires_grad = requires_grad;
}

const Tensor& Variable::value() const {
  if (defined()) [[likely]] {
    return state_->value;
  }
  static const Tensor undefined;
  return undefined;
}

void Variable::require_defined(const char* member) const {
  check<GraphError>(defined(), member, "the Variable is undefined");
}

bool Variable::requires_grad() const { return defined() && (state_->node || state_->requires_grad); }

bool Variable::is_leaf() const { return defined() && !state_->node; }

void Variable::set_requires_grad(bool requires_grad) {
  require_defined("set_requires_grad");
  check<GraphError>(is_leaf(), "set_requires_grad", "only a leaf can be changed; detach() the Variable first");
  if (requires_grad) {
    require_differentiable(value());
  }
  state_->requires_grad = requires_grad;
}

const Tensor& Variable::grad() const {
  require_defined("grad");
  return state_->retained ? *state_->retained : state_->grad;
}

void Variable::zero_grad() {
  require_defined("zero_grad");
  set_grad(Tensor());
}

void Variable::set_grad(Tensor grad) {
  require_defined("set_grad");
  if (grad.defined()) {
    check<ShapeError>(grad.shape() == shape(), "set_grad", "must have the shape ", shape(), ", got ", grad.shape());
    check<DTypeError>(grad.dtype() == dtype(), "set_grad", "must be ", dtype(), ", got ", grad.dtype());
  }
  (state_->retained ? *state_->retained : state_->grad) = std::move(grad);
}

void Variable::retain_grad() {
  require_defined("retain_grad");
  check<GraphError>(requires_grad(), "retain_grad", "the Variable does not require a gradient");
  if (is_leaf() || state_->retained) {
    return;
  }
  // The node keeps the hook, so the hook must not keep the node: it has the place of the gradient alone.
  state_->retained = std::make_shared<Tensor>();
  auto& hooks = state_->node->hooks_;
  if (!hooks) {
    hooks = std::make_unique<std::vector<Node::Hook>>();
  }
  hooks->push_back({state_->output_index, kRetaining, [place = state_->retained](const Variable& gradient) {
                      const Tensor& value = gradient.value();
                      *place = place->defined() ? add(*place, value) : value;
                      return Variable();
                    }});
}

Variable Variable::detach() const { return defined() ? Variable(state_->value) : Variable(); }

Tensor& Variable::mutable_value() {
  require_defined("mutable_value");
  check<GraphError>(is_leaf(), "mutable_value", "only a leaf's value may be written");
  return state_->value;
}

void Variable::set_value(Tensor value) {
  require_defined("set_value");
  check<GraphError>(is_leaf(), "set_value", "only a leaf's value may be replaced");
  check<GraphError>(value.defined(), "set_value", "the tensor is undefined");
  if (state_->requires_grad) {
    require_differentiable(value);
  }
  if (value.shape() != state_->value.shape() || value.dtype() != state_->value.dtype()) {
    state_->grad = Tensor();
  }
  state_->value = std::move(value);
}

int64_t Variable::register_hook(GradientHook hook) {
  require_defined("register_hook");
  check<GraphError>(requires_grad(), "register_hook", "the Variable does not require a gradient");
  check(hook != nullptr, "register_hook", "the hook is an empty function");
  const int64_t number = next_hook.fetch_add(1);
  if (state_->node) {
    auto& hooks = state_->node->hooks_;
    if (!hooks) {
      hooks = std::make_unique<std::vector<Node::Hook>>();
    }
    const auto place =
        std::find_if(hooks->begin(), hooks->end(), [](const Node::Hook& each) { return each.number == kRetaining; });
    hooks->insert(place, {state_->output_index, number, std::move(hook)});
  } else {
    if (!state_->hooks) {
      state_->hooks = std::make_unique<std::vector<std::pair<int64_t, GradientHook>>>();
    }
    state_->hooks->emplace_back(number, std::move(hook));
  }
  return number;
}

void Variable::remove_hook(int64_t number) {
  require_defined("remove_hook");
  if (state_->node && state_->node->hooks_) {
    std::erase_if(*state_->node->hooks_, [number](const Node::Hook& hook) { return hook.number == number; });
  } else if (state_->hooks) {
    std::erase_if(*state_->hooks, [number](const auto& hook) { return hook.first == number; });
  }
}

const NodePointer& Variable::node() const {
  require_defined("node");
  return state_->node;
}

int64_t Variable::output_index() const { return defined() ? state_->output_index : 0; }

Variable Variable::output_of(NodePointer node, int64_t index, Tensor value) {
  Variable output(std::move(value));
  output.state_->node = std::move(node);
  output.state_->output_index = index;
  return output;
}

}  // namespace heed
