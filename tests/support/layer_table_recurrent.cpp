// Rows of recurrent layers.
#include <heed/nn/recurrent/gru.h>
#include <heed/nn/recurrent/lstm.h>
#include <heed/nn/recurrent/min_gru.h>
#include <heed/nn/recurrent/rnn.h>
#include <heed/nn/seq2seq/recurrent_encoder.h>

#include "support/layer_table.h"

namespace heed::test {
namespace {

using Widths = const LayerWidths&;

struct Form {
  const char* name;
  int64_t layers;
  bool both_ways, with_states, batch_first;
};

constexpr Form kForms[] = {
    {"", 1, false, false, true},
    {", both ways", 1, true, true, true},
    {", two layers both ways", 2, true, true, true},
    {", steps first", 1, false, true, false},
};

std::vector<Port> inputs_of(const Form& form, Widths w, int64_t states) {
  std::vector<Port> inputs{{form.batch_first ? "BSF" : "SBF", w.input}};
  inputs.insert(inputs.end(), static_cast<size_t>(form.with_states ? states : 0),
                {"LBF", w.hidden, form.layers * (form.both_ways ? 2 : 1)});
  return inputs;
}

std::vector<Port> outputs_of(const Form& form, Widths w, int64_t states) {
  const int64_t directions = form.both_ways ? 2 : 1;
  std::vector<Port> outputs{{form.batch_first ? "BSF" : "SBF", directions * w.hidden}};
  outputs.insert(outputs.end(), static_cast<size_t>(states), {"LBF", w.hidden, form.layers * directions});
  return outputs;
}

Variable state(const Variables& x, size_t number) { return x.size() > number ? x[number] : Variable(); }

/// `Options` are set but for the non-linearity of an RNN.
template <class Layer, class Options, class Forward>
LayerRow recurrent_row(const std::string& type, const Form& form, int64_t states, Options options,
                       const Forward& forward) {
  options.num_layers = form.layers;
  options.bidirectional = form.both_ways;
  options.batch_first = form.batch_first;
  LayerRow row{std::string(type).append(form.name), [=](Widths w) {
                 return use_of<Layer>([=] { return std::make_unique<Layer>(w.input, w.hidden, options); },
                                      inputs_of(form, w, states), outputs_of(form, w, states), forward);
               }};
  row.hides = "S";
  return row;
}

/// RNN, GRU and MinGRU.
Variables run_one_state(OneStateLayer& layer, const Variables& x, const LayerLengths& lengths) {
  const RecurrentOutput result = layer.forward(x[0], {.h = state(x, 1), .mask = Mask::lengths(lengths.sources)});
  return {result.output, result.h};
}

Variables run_lstm(LSTM& layer, const Variables& x, const LayerLengths& lengths) {
  const LSTMOutput result =
      layer.forward(x[0], {.h = state(x, 1), .c = state(x, 2), .mask = Mask::lengths(lengths.sources)});
  return {result.output, result.h, result.c};
}

LayerRow encoder_row(std::string name, CellKind cell) {
  LayerRow row{std::move(name), [=](Widths w) {
                 const RecurrentStackOptions options{
                     .cell = cell, .embedding = w.input, .hidden = w.hidden, .layers = {.bidirectional = true}};
                 std::vector<Port> outputs{{"BSF", 2 * w.hidden}};
                 outputs.insert(outputs.end(), cell == CellKind::lstm ? 2 : 1, {"BF", 2 * w.hidden});
                 return use_of<RecurrentEncoder>(
                     [=] { return std::make_unique<RecurrentEncoder>(9, options); }, {{"BS", 0, 0, 9}}, outputs,
                     [](RecurrentEncoder& layer, const Variables& x, const LayerLengths& lengths) {
                       Encoding encoding = layer.forward(x[0].value(), lengths.sources);
                       CellState& state = encoding.state[0];
                       state.insert(state.begin(), encoding.memory);
                       return state;
                     });
               }};
  row.hides = "S";
  return row;
}

}  // namespace

std::vector<LayerRow> recurrent_layer_rows() {
  std::vector<LayerRow> rows;
  for (const Form& form : kForms) {
    rows.push_back(recurrent_row<RNN>("RNN", form, 1, RNNOptions{}, &run_one_state));
    rows.push_back(recurrent_row<GRU>("GRU", form, 1, GRUOptions{}, &run_one_state));
    rows.push_back(recurrent_row<MinGRU>("MinGRU", form, 1, RecurrentLayerOptions{}, &run_one_state));
    rows.push_back(recurrent_row<LSTM>("LSTM", form, 2, LSTMOptions{}, &run_lstm));
  }
  rows.push_back(
      recurrent_row<RNN>("RNN, relu", kForms[0], 1, RNNOptions{.nonlinearity = Nonlinearity::relu}, &run_one_state));
  rows.push_back(encoder_row("RecurrentEncoder, lstm", CellKind::lstm));
  rows.push_back(encoder_row("RecurrentEncoder, gru", CellKind::gru));
  rows.push_back(encoder_row("RecurrentEncoder, mingru", min_gru_kind()));
  return rows;
}

}  // namespace heed::test
