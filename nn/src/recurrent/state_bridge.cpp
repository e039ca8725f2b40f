// From an encoder's final states to a decoder's first ones.
#include "recurrent/state_bridge.h"

#include <heed/autograd/elementwise.h>
#include <heed/tensor/error.h>
#include <heed/tensor/scope.h>

namespace heed::detail {

int64_t state_count(CellKind cell, int64_t layers) { return cell == CellKind::lstm ? 2 * layers : layers; }

StateBridge::StateBridge(CellKind cell, int64_t layers, int64_t from, int64_t to)
    : count_(static_cast<size_t>(state_count(cell, layers))), from_(from) {
  if (from == to) {
    return;
  }
  for (int64_t i = 0; i < static_cast<int64_t>(count_); ++i) {
    maps_.push_back(std::make_unique<Linear>(from, to));
    register_module((i < layers ? "h_l" : "c_l") + std::to_string(i % layers), *maps_.back());
  }
}

std::vector<Variable> StateBridge::forward(const std::vector<Variable>& states) {
  const NameScope scope(path());
  check<ShapeError>(states.size() == count_, "Decoder", "needs ", count_, " states from the encoder, got ",
                    states.size());
  std::vector<Variable> first;
  for (size_t i = 0; i < count_; ++i) {
    check<ShapeError>(states[i].rank() == 2 && states[i].size(1) == from_, "Decoder", "a state must be (B, ", from_,
                      "), got ", states[i].shape());
    first.push_back(maps_.empty() ? states[i] : tanh(maps_[i]->forward(states[i])));
  }
  return first;
}

}  // namespace heed::detail
