// From an encoder's final states to a decoder's first ones.
#include "recurrent/state_bridge.h"

#include <string>

#include <heed/autograd/elementwise.h>
#include <heed/tensor/error.h>
#include <heed/tensor/scope.h>

namespace heed::detail {

StateBridge::StateBridge(CellKind cell, int64_t layers, int64_t from, int64_t to)
    : layers_(static_cast<size_t>(layers)), kinds_(cell->states().size()), from_(from) {
  if (from == to) {
    return;
  }
  for (const std::string& name : cell->states()) {
    for (int64_t layer = 0; layer < layers; ++layer) {
      maps_.push_back(std::make_unique<Linear>(from, to));
      register_module(name + "_l" + std::to_string(layer), *maps_.back());
    }
  }
}

std::vector<CellState> StateBridge::forward(const std::vector<CellState>& states) const {
  const NameScope scope(path());
  check<ShapeError>(states.size() == layers_, "Decoder", "needs the states of ", layers_, " layer(s), got those of ",
                    states.size());
  std::vector<CellState> first(layers_);
  for (size_t layer = 0; layer < layers_; ++layer) {
    check<ShapeError>(states[layer].size() == kinds_, "Decoder", "needs ", kinds_, " state(s) per layer, got ",
                      states[layer].size());
    for (size_t k = 0; k < kinds_; ++k) {
      const Variable& state = states[layer][k];
      check<ShapeError>(state.rank() == 2 && state.size(1) == from_, "Decoder", "a state must be (B, ", from_,
                        "), got ", state.shape());
      first[layer].push_back(maps_.empty() ? state : tanh(maps_[k * layers_ + layer]->forward(state)));
    }
  }
  return first;
}

}  // namespace heed::detail
