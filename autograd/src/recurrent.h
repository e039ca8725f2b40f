// What the three recurrences share: the products with the inputs of all steps, forward and backward, and what is saved.
// Inputs of their nodes, in order: x, w_ih, w_hh, b_ih, b_hh, h0 and, for the LSTM, c0.
#pragma once

#include <vector>

#include <heed/autograd/node.h>
#include <heed/autograd/rnn.h>

namespace heed::detail {

inline Tensor value_or_none(const Variable& x) { return x.defined() ? x.value() : Tensor(); }

/// What a recurrence was given, kept for backward.
struct RecurrentCall {
  RecurrentCall(const std::vector<Variable>& variables, const RecurrentOptions& options);
  std::vector<Variable> unpack(const BackwardContext& context) const;

  RecurrentOptions options(const BackwardContext& context) const;

  std::vector<Saved> inputs;
  Saved lengths, ids;
  bool reverse;
};

/// Throws ShapeError unless x is (T, B, I), or (V, I) with ids (T, B), and the weights are those of `gates` gates for
/// it.
void check_recurrent(const char* op, const Variable& x, const RecurrentWeights& weights, int64_t gates,
                     const Tensor& ids);

/// x W_ihᵀ + bias for all steps: (T, B, G·H), laid out as x or ids are. `bias` and `ids` may be undefined.
Tensor gate_inputs(const Tensor& x, const Tensor& ids, const Tensor& w_ih, const Tensor& bias);

/// x, or the rows of it that `ids` names where it is defined.
Variable sequence_of(const Variable& x, const Tensor& ids);

/// The sum of two biases, each of which may be undefined.
Tensor joint_bias(const Variable& b_ih, const Variable& b_hh);

/// The gradients of x, w_ih and b_ih for that of their gate inputs; room for those of the other inputs.
Gradients input_gradients(const BackwardContext& context, const Tensor& grad, const std::vector<Variable>& inputs,
                          const RecurrentOptions& options);

/// The gradient of b_hh where it is added as b_ih is, whose gradient may be there already.
Variable bias_gradient(const BackwardContext& context, const Tensor& grad, const Variable& of_b_ih);

/// The RecurrentWeights among a node's inputs.
RecurrentWeights weights_of(const std::vector<Variable>& inputs);

/// The gradient of output `index`, or an undefined tensor when nothing flowed into it.
inline Tensor grad_or_none(const BackwardContext& context, int64_t index) {
  return context.has_grad(index) ? context.grad(index).value() : Tensor();
}

}  // namespace heed::detail
