// A cell of one's own that records a value of its own.
#pragma once

#include <heed/autograd/elementwise.h>
#include <heed/autograd/view.h>
#include <heed/nn/core/recorder.h>
#include <heed/nn/recurrent/recurrent_layer.h>

namespace heed::test {

/// h' = σ(gate) h + (1 - σ(gate)) a, with the gate recorded.
class Leaky final : public CellDescription {
 public:
  const char* name() const override { return "leaky"; }
  const char* type() const override { return "Leaky"; }
  int64_t gates() const override { return 2; }
  std::vector<std::string> states() const override { return {"h", "m"}; }
  CellState step(Variable gate_inputs, const CellState& state, const RecurrentWeights&) const override {
    const int64_t size = state[0].size(1);
    const std::vector<Variable> parts = split(gate_inputs, {size, size}, 1);
    const Variable gate = record("gate", sigmoid(parts[0]));
    return {gate * state[0] + (1.0 - gate) * tanh(parts[1]), state[1] + gate};
  }
};
inline const Leaky leaky;

}  // namespace heed::test
