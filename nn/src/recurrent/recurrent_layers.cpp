// RNN, LSTM and GRU layers behind one interface: states apart by layer on this side, stacked (L·D, B, H) on theirs.
#include "recurrent/recurrent_layers.h"

#include <heed/autograd/index.h>
#include <heed/autograd/view.h>
#include <heed/nn/recurrent/gru.h>
#include <heed/nn/recurrent/lstm.h>
#include <heed/nn/recurrent/rnn.h>

namespace heed::detail {
namespace {

/// (L·D, B, H) as L times (B, D·H).
void split_states(const Variable& stacked, int64_t directions, std::vector<Variable>& states) {
  const std::vector<Variable> parts = unbind(stacked, 0);
  for (size_t i = 0; i < parts.size(); i += static_cast<size_t>(directions)) {
    states.push_back(directions == 1 ? parts[i] : cat({parts[i], parts[i + 1]}, 1));
  }
}

/// Entries first … first+count-1 as (L, B, H), of one direction; undefined where there are none.
Variable stack_states(const std::vector<Variable>& states, int64_t first, int64_t count) {
  if (states.empty()) {
    return {};
  }
  if (count == 1) {
    return unsqueeze(states[static_cast<size_t>(first)], 0);
  }
  return stack(std::vector<Variable>(states.begin() + first, states.begin() + first + count), 0);
}

/// Layer is RNN or GRU.
template <class Layer, class Options>
class OneStateLayers : public RecurrentLayers {
 public:
  OneStateLayers(int64_t input, int64_t hidden, const Options& options) : layer_(input, hidden, options) {}
  RecurrentLayersOutput forward(const Variable& x, const std::vector<Variable>& states, const Tensor& lengths,
                                const Tensor& ids) override {
    const RecurrentLayerOptions& options = layer_.options();
    auto result = layer_.forward(x, {lengths, stack_states(states, 0, options.num_layers), ids});
    RecurrentLayersOutput output{std::move(result.output), {}};
    split_states(result.h, options.bidirectional ? 2 : 1, output.states);
    return output;
  }
  Module& module() override { return layer_; }

 private:
  Layer layer_;
};

class LSTMLayers : public RecurrentLayers {
 public:
  LSTMLayers(int64_t input, int64_t hidden, const LSTMOptions& options) : layer_(input, hidden, options) {}
  RecurrentLayersOutput forward(const Variable& x, const std::vector<Variable>& states, const Tensor& lengths,
                                const Tensor& ids) override {
    const RecurrentLayerOptions& options = layer_.options();
    const int64_t layers = options.num_layers;
    LSTMOutput result =
        layer_.forward(x, {lengths, stack_states(states, 0, layers), stack_states(states, layers, layers), ids});
    RecurrentLayersOutput output{std::move(result.output), {}};
    split_states(result.h, options.bidirectional ? 2 : 1, output.states);
    split_states(result.c, options.bidirectional ? 2 : 1, output.states);
    return output;
  }
  Module& module() override { return layer_; }

 private:
  LSTM layer_;
};

template <class Options>
Options options_of(const RecurrentLayerOptions& given) {
  Options options;
  options.num_layers = given.num_layers;
  options.bidirectional = given.bidirectional;
  options.bias = given.bias;
  options.dropout = given.dropout;
  options.locked_dropout = given.locked_dropout;
  options.recurrent_dropout = given.recurrent_dropout;
  return options;
}

}  // namespace

RecurrentLayersOutput forward_tokens(RecurrentLayers& layers, Embedding& embedding, Dropout& dropout,
                                     const Tensor& tokens, const std::vector<Variable>& states, const Tensor& lengths) {
  if (dropout.active()) {
    return layers.forward(dropout.forward(embedding.forward(tokens)), states, lengths, Tensor());
  }
  return layers.forward(embedding.weight(), states, lengths, tokens);
}

std::unique_ptr<RecurrentLayers> make_recurrent_layers(CellKind cell, int64_t input, int64_t hidden,
                                                       const RecurrentLayerOptions& options) {
  switch (cell) {
    case CellKind::rnn:
      return std::make_unique<OneStateLayers<RNN, RNNOptions>>(input, hidden, options_of<RNNOptions>(options));
    case CellKind::gru:
      return std::make_unique<OneStateLayers<GRU, GRUOptions>>(input, hidden, options_of<GRUOptions>(options));
    default:
      return std::make_unique<LSTMLayers>(input, hidden, options_of<LSTMOptions>(options));
  }
}

}  // namespace heed::detail
