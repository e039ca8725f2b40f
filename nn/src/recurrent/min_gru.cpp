// What a minGRU is.
#include <heed/nn/recurrent/min_gru.h>

#include <heed/autograd/elementwise.h>
#include <heed/autograd/index.h>
#include <heed/nn/core/record.h>

namespace heed {
namespace {

class MinGRUDescription final : public CellDescription {
 public:
  const char* name() const override { return "mingru"; }
  const char* type() const override { return "MinGRU"; }
  int64_t gates() const override { return 2; }
  bool has_state_weights() const override { return false; }
  CellState step(Variable gate_inputs, const CellState& state, const RecurrentWeights&) const override {
    const int64_t size = gate_inputs.size(1) / 2;
    const std::vector<Variable> parts = split(gate_inputs, {size, size}, 1);
    const Variable z = sigmoid(parts[0]);
    if (is_recorded("gates")) {
      record_only("gates", cat({z, parts[1]}, 1));
    }
    return {(1.0 - z) * state[0] + z * parts[1]};
  }
};

constinit const MinGRUDescription description;

}  // namespace

CellKind min_gru_kind() { return description; }

}  // namespace heed
