// RNN, LSTM and GRU cells one above the other.
#include "recurrent/cell_stack.h"

#include <heed/nn/recurrent/gru_cell.h>
#include <heed/nn/recurrent/lstm_cell.h>
#include <heed/nn/recurrent/rnn_cell.h>
#include <heed/tensor/error.h>

namespace heed::detail {
namespace {

template <class Cell>
class Stack : public CellStack {
 public:
  Stack(int64_t input, int64_t hidden, int64_t layers) {
    for (int64_t layer = 0; layer < layers; ++layer) {
      cells_.push_back(std::make_unique<Cell>(layer == 0 ? input : hidden, hidden));
    }
  }
  Module& module(int64_t layer) override { return *cells_[static_cast<size_t>(layer)]; }

 protected:
  std::vector<std::unique_ptr<Cell>> cells_;
};

/// Cell is RNNCell or GRUCell.
template <class Cell>
class OneStateStack : public Stack<Cell> {
 public:
  using Stack<Cell>::Stack;
  std::vector<Variable> step(const Variable& x, const std::vector<Variable>& states, Dropout& between) override {
    std::vector<Variable> next;
    for (size_t layer = 0; layer < this->cells_.size(); ++layer) {
      const Variable input = layer == 0 ? x : between.forward(next.back());
      next.push_back(this->cells_[layer]->forward(input, states[layer]));
    }
    return next;
  }
};

class LSTMStack : public Stack<LSTMCell> {
 public:
  using Stack::Stack;
  std::vector<Variable> step(const Variable& x, const std::vector<Variable>& states, Dropout& between) override {
    const size_t layers = cells_.size();
    std::vector<Variable> next(2 * layers);
    for (size_t layer = 0; layer < layers; ++layer) {
      const Variable input = layer == 0 ? x : between.forward(next[layer - 1]);
      LSTMState state = cells_[layer]->forward(input, {states[layer], states[layers + layer]});
      next[layer] = std::move(state.h);
      next[layers + layer] = std::move(state.c);
    }
    return next;
  }
  const RecurrentWeights* single_lstm() override { return cells_.size() == 1 ? &cells_[0]->weights() : nullptr; }
};

}  // namespace

std::unique_ptr<CellStack> make_cell_stack(const char* owner, CellKind cell, int64_t input, int64_t hidden,
                                           int64_t layers) {
  check(layers >= 1, owner, "needs at least 1 layer, got ", layers);
  switch (cell) {
    case CellKind::rnn:
      return std::make_unique<OneStateStack<RNNCell>>(input, hidden, layers);
    case CellKind::gru:
      return std::make_unique<OneStateStack<GRUCell>>(input, hidden, layers);
    default:
      return std::make_unique<LSTMStack>(input, hidden, layers);
  }
}

}  // namespace heed::detail
