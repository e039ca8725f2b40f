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
  /// The states of each layer, each (B, from) → (B, to). Throws ShapeError.
  std::vector<CellState> forward(const std::vector<CellState>& states) const;

 private:
  size_t layers_, kinds_;
  int64_t from_;
  std::vector<std::unique_ptr<Linear>> maps_;  // of state k of layer l at k·L + l
};

}  // namespace heed::detail
