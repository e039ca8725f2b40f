// What the recurrences share: what they keep for backward, and a step of an LSTM in elementary operations.
#pragma once

#include <vector>

#include <heed/autograd/node.h>
#include <heed/autograd/rnn.h>

#include "operand.h"

namespace heed::detail {

/// The gradient of output `index`, or an undefined tensor when nothing flowed into it.
inline Tensor grad_or_none(const BackwardContext& context, int64_t index) {
  return context.has_grad(index) ? context.grad(index).value() : Tensor();
}

/// The value of gate inputs, moved out where no other handle of them is left: a kernel may then write where it lies.
Tensor take_value(Variable& gate_inputs);
/// The gate inputs as an input of the node. Their value, which may be gone, becomes that of the gates: derivatives of
/// the non-linearities need no other.
Variable with_value(Variable gate_inputs, const Tensor& gates);

/// What a recurrence was given and what it computed, kept for backward.
class RecurrentCall {
 public:
  /// The first outputs of the node, and what else was computed, of which the gates come first.
  RecurrentCall(const std::vector<Variable>& inputs, const RecurrentOptions& options,
                const std::vector<Tensor>& outputs, const std::vector<Tensor>& others = {});

  struct Unpacked {
    std::vector<Variable> inputs;
    RecurrentOptions options;
    std::vector<Tensor> computed;  // outputs, then the others
  };
  Unpacked unpack(const BackwardContext& context) const;

 private:
  std::vector<Saved> inputs_, computed_;
  Saved lengths_;
  bool reverse_, batch_first_;
};

/// One step of an LSTM from the sum (B, 4H) of what goes into its gates;
/// `gates` (B, 4H), or undefined, as lstm_composite() has them.
LSTMState lstm_step(const Variable& sum, const Variable& c, const Tensor& gates);

}  // namespace heed::detail
