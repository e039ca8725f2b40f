// Rows of layers that look at each step by itself, and of cells.
#include <heed/nn/attention/rotary.h>
#include <heed/nn/core/activation.h>
#include <heed/nn/core/dropout.h>
#include <heed/nn/core/embedding.h>
#include <heed/nn/core/layer_norm.h>
#include <heed/nn/core/linear.h>
#include <heed/nn/core/module_list.h>
#include <heed/nn/core/rms_norm.h>
#include <heed/nn/core/sequential.h>
#include <heed/nn/recurrent/gru.h>
#include <heed/nn/recurrent/lstm.h>
#include <heed/nn/recurrent/min_gru.h>
#include <heed/nn/recurrent/rnn.h>
#include <heed/nn/transformer/positional.h>

#include "support/layer_table.h"

namespace heed::test {
namespace {

using Widths = const LayerWidths&;

/// A layer with one input (B, T, F) and one output.
template <class Make>
LayerRow unary(std::string name, Make make, int64_t LayerWidths::*features = &LayerWidths::input) {
  using Layer = typename std::invoke_result_t<Make, Widths>::element_type;
  return {std::move(name), [=](Widths w) {
            return use_of<Layer>([=] { return make(w); }, {{"BTF", w.input}}, {{"BTF", w.*features}},
                                 [](Layer& layer, const Variables& x, const LayerLengths&) {
                                   return Variables{static_cast<UnaryModule&>(layer).forward(x[0])};
                                 });
          }};
}

/// Draws anew from one state at each call, so that a call can be repeated.
template <class Part>
struct Repeated : UnaryModule {
  mutable Generator generator{7};
  mutable Part part{0.4, generator};
  Repeated() { register_module("part", part); }
  Variable forward(const Variable& x) const override {
    generator = Generator(7);
    part.train();
    return part.forward(x);
  }
};

/// Linear layers in a row.
struct Tower : UnaryModule {
  ModuleList<Linear> layers;
  Tower(int64_t input, int64_t hidden) {
    layers.add(input, hidden);
    layers.add(hidden, hidden);
    register_module("layers", layers);
  }
  Variable forward(const Variable& x) const override { return layers[1].forward(layers[0].forward(x)); }
};

std::unique_ptr<Sequential> sequential(Widths w) {
  return std::make_unique<Sequential>(std::make_unique<Linear>(w.input, w.hidden), std::make_unique<Tanh>());
}

/// Ids of all rows but the last.
LayerRow embedding_row(std::string name, const EmbeddingOptions& options) {
  return {std::move(name), [=](Widths w) {
            return use_of<Embedding>([=] { return std::make_unique<Embedding>(w.input + 2, w.hidden, options); },
                                     {{"BT", 0, 0, w.input + 1}}, {{"BTF", w.hidden}},
                                     [](Embedding& layer, const Variables& x, const LayerLengths&) {
                                       return Variables{layer.forward(x[0])};
                                     });
          }};
}

/// `more_states`: what a state has beside h.
template <class Cell, class Forward>
LayerRow cell_row(std::string name, bool has_cells, const Forward& forward) {
  return {std::move(name), [=](Widths w) {
            std::vector<Port> inputs{{"BF", w.input}, {"BF", w.hidden}}, outputs{{"BF", w.hidden}};
            if (has_cells) {
              inputs.push_back({"BF", w.hidden});
              outputs.push_back({"BF", w.hidden});
            }
            return use_of<Cell>(
                [=] { return std::make_unique<Cell>(w.input, w.hidden); }, inputs, outputs,
                [forward](Cell& cell, const Variables& x, const LayerLengths&) { return forward(cell, x); });
          }};
}

std::vector<LayerRow> cell_rows() {
  return {
      cell_row<RNNCell>("RNNCell", false,
                        [](RNNCell& cell, const Variables& x) { return Variables{cell.forward(x[0], x[1])}; }),
      cell_row<GRUCell>("GRUCell", false,
                        [](GRUCell& cell, const Variables& x) { return Variables{cell.forward(x[0], x[1])}; }),
      cell_row<MinGRUCell>("MinGRUCell", false,
                           [](MinGRUCell& cell, const Variables& x) { return Variables{cell.forward(x[0], x[1])}; }),
      cell_row<LSTMCell>("LSTMCell", true,
                         [](LSTMCell& cell, const Variables& x) {
                           const LSTMState state = cell.forward(x[0], {x[1], x[2]});
                           return Variables{state.h, state.c};
                         }),
  };
}

/// Which elements are dropped depends on their place in the batch.
LayerRow of_batches(LayerRow row) {
  row.of_sequences = false;
  return row;
}

LayerRow function_row(std::string name, std::function<Variable(const Variable&)> function) {
  return unary(std::move(name), [function](Widths) {
    struct Function : UnaryModule {
      std::function<Variable(const Variable&)> call;
      Variable forward(const Variable& x) const override { return call(x); }
    };
    auto layer = std::make_unique<Function>();
    layer->call = function;
    return layer;
  });
}

}  // namespace

std::vector<LayerRow> basic_layer_rows() {
  using std::make_unique;
  std::vector<LayerRow> rows{
      unary(
          "Linear", [](Widths w) { return make_unique<Linear>(w.input, w.hidden); }, &LayerWidths::hidden),
      unary(
          "Linear, no bias",
          [](Widths w) { return make_unique<Linear>(w.input, w.hidden, LinearOptions{.bias = false}); },
          &LayerWidths::hidden),
      unary("LayerNorm", [](Widths w) { return make_unique<LayerNorm>(Shape{w.input}); }),
      unary("RMSNorm", [](Widths w) { return make_unique<RMSNorm>(w.input); }),
      unary("LeakyReLU", [](Widths) { return make_unique<LeakyReLU>(0.2); }),
      unary("ELU", [](Widths) { return make_unique<ELU>(0.7); }),
      unary("ReLU", [](Widths) { return make_unique<ReLU>(); }),
      unary("Tanh", [](Widths) { return make_unique<Tanh>(); }),
      unary("Sigmoid", [](Widths) { return make_unique<Sigmoid>(); }),
      unary("GELU", [](Widths) { return make_unique<GELU>(); }),
      unary("GELU, tanh", [](Widths) { return make_unique<GELU>(Gelu::tanh); }),
      unary("SiLU", [](Widths) { return make_unique<SiLU>(); }),
      unary("Sequential", &sequential, &LayerWidths::hidden),
      unary(
          "ModuleList", [](Widths w) { return make_unique<Tower>(w.input, w.hidden); }, &LayerWidths::hidden),
      unary("SinusoidalPositionalEncoding",
            [](Widths w) { return make_unique<SinusoidalPositionalEncoding>(64, w.input); }),
      unary("LearnedPositionalEncoding", [](Widths w) { return make_unique<LearnedPositionalEncoding>(64, w.input); }),
      unary("Dropout, in evaluation", [](Widths) { return make_unique<Dropout>(0.4); }),
      of_batches(unary("Dropout", [](Widths) { return make_unique<Repeated<Dropout>>(); })),
      of_batches(unary("LockedDropout", [](Widths) { return make_unique<Repeated<LockedDropout>>(); })),
      of_batches(function_row("dropout",
                              [](const Variable& x) {
                                Generator generator(3);
                                return dropout(x, 0.3, generator);
                              })),
      of_batches(function_row("locked_dropout",
                              [](const Variable& x) {
                                Generator generator(3);
                                return locked_dropout(x, 0.3, generator);
                              })),
      embedding_row("Embedding", {}),
      embedding_row("Embedding, padding_idx", {.padding_idx = -1}),
  };
  rows.push_back(
      function_row("rotary_embedding", [](const Variable& x) { return rotary_embedding(x, {.offset = 3}); }));
  rows.back().even_features = true;
  for (LayerRow& each : cell_rows()) {
    rows.push_back(std::move(each));
  }
  return rows;
}

}  // namespace heed::test
