// StateBridge: turns an encoder's final states into a decoder's first ones.
#pragma once

#include <memory>
#include <vector>

#include <heed/nn/core/linear.h>
#include <heed/nn/core/module.h>
#include <heed/nn/recurrent/cell_kind.h>

namespace heed::detail {

/// The states themselves where the widths agree, else tanh(Linear(state)), each with a Linear of its own, named
/// "h_l0", …, "c_l0", … (Bahdanau, Cho, Bengio 2015, appendix A.2.2).
class StateBridge : public Module {
 public:
  StateBridge(CellKind cell, int64_t layers, int64_t from, int64_t to);
  /// states: h of each layer, then for an LSTM c of each layer, each (B, from) → (B, to). Throws ShapeError.
  std::vector<Variable> forward(const std::vector<Variable>& states);

 private:
  size_t count_;
  int64_t from_;
  std::vector<std::unique_ptr<Linear>> maps_;
};

/// How many states a stack of `layers` has.
int64_t state_count(CellKind cell, int64_t layers);

}  // namespace heed::detail
