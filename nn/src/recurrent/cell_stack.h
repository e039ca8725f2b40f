// CellStack: RNN, LSTM or GRU cells one above the other behind one interface, for decoders that go step by step.
#pragma once

#include <memory>
#include <vector>

#include <heed/autograd/rnn.h>
#include <heed/nn/core/dropout.h>
#include <heed/nn/recurrent/cell_kind.h>

namespace heed::detail {

class CellStack {
 public:
  virtual ~CellStack() = default;
  /// x (B, I); states: h of each layer, then for an LSTM c of each layer, each (B, H). Gives the states after it, the
  /// top layer's h being its output. `between` is applied between layers.
  virtual std::vector<Variable> step(const Variable& x, const std::vector<Variable>& states, Dropout& between) = 0;
  /// The weights if this is one LSTM; else null.
  virtual const RecurrentWeights* single_lstm() { return nullptr; }
  /// The cell of a layer, to be registered by the owner.
  virtual Module& module(int64_t layer) = 0;
};

/// Throws ValueError, beginning with the `owner`'s name, unless there is at least one layer.
std::unique_ptr<CellStack> make_cell_stack(const char* owner, CellKind cell, int64_t input, int64_t hidden,
                                           int64_t layers);

}  // namespace heed::detail
