// What a backward function works with: the gradients of its operation's outputs, and what the operation saved.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include <heed/autograd/variable.h>

namespace heed {

/// A gradient for each input, in order; an undefined one stands for zero.
using Gradients = std::vector<Variable>;

namespace detail {
class BackwardPass;
}

/// What a backward function is given: the gradients of its outputs.
class BackwardContext {
 public:
  BackwardContext(Node& node, std::span<const Variable> gradients, detail::BackwardPass& pass)
      : node_(node), gradients_(gradients), pass_(pass) {}
  /// The gradient of output `index`, zeros when nothing flowed into it.
  Variable grad(int64_t index = 0) const;
  bool has_grad(int64_t index) const { return gradients_[static_cast<size_t>(index)].defined(); }
  /// False when nobody wants the gradient of input `index`: it need not be computed.
  bool needs(int64_t index) const;
  /// The shape of input `index`, which must be one that requires a gradient.
  const Shape& input_shape(int64_t index) const;
  Node& node() const { return node_; }
  /// For the engine.
  detail::BackwardPass& pass() const { return pass_; }

 private:
  Node& node_;
  std::span<const Variable> gradients_;
  detail::BackwardPass& pass_;
};

/// A value kept for backward, an input or an output of the operation. Capture these, never bare Variables: they notice
/// when the value was changed meanwhile, and an output kept this way does not own its own node.
class Saved {
 public:
  Saved() = default;
  /// An input, differentiable; or undefined.
  explicit Saved(const Variable& input);
  /// Output `index` of the operation being recorded.
  static Saved output(const Tensor& value, int64_t index);
  /// Plain data that is not differentiated through (a mask, an index).
  static Saved data(const Tensor& value);
  /// Throws GraphError, naming the operation, when the value was written to after it was saved.
  Variable unpack(const BackwardContext& context) const;

 private:
  Variable input_;
  Tensor value_;
  uint64_t version_ = 0;
  int64_t output_index_ = -1;
};

}  // namespace heed
