// The recurrent layers that cases name. PyTorch's batch_first is false where a case does not say.
#include <heed/nn/recurrent/gru.h>
#include <heed/nn/recurrent/lstm.h>
#include <heed/nn/recurrent/rnn.h>
#include <heed/tensor/create.h>

#include "conformance/function.h"

namespace heed::conformance {
namespace {

Nonlinearity nonlinearity_of(Arguments& args) {
  static const std::map<std::string, Nonlinearity> kinds{{"tanh", Nonlinearity::tanh}, {"relu", Nonlinearity::relu}};
  return look_up(kinds, args.get<std::string>("nonlinearity", "tanh"), "nonlinearity");
}

template <class Options>
Options recurrent_options(Arguments& args) {
  Options options;
  options.num_layers = args.get("num_layers", options.num_layers);
  options.bidirectional = args.get("bidirectional", options.bidirectional);
  options.bias = args.get("bias", options.bias);
  options.batch_first = args.get("batch_first", false);
  options.dropout = args.get("dropout", options.dropout);
  return options;
}

Tensor lengths_of(Arguments& args) {
  if (!args.has("lengths")) {
    return {};
  }
  const auto lengths = args.get<std::vector<int64_t>>("lengths");
  return from_vector(lengths, {static_cast<int64_t>(lengths.size())});
}

template <class Recurrent, class Options>
std::unique_ptr<Recurrent> made(Arguments& args, const Options& options) {
  return std::make_unique<Recurrent>(args.get<int64_t>("input_size"), args.get<int64_t>("hidden_size"), options);
}

/// RNN and GRU.
template <class Recurrent, class CallArguments>
Layer single_state(std::unique_ptr<Recurrent> module, const Tensor& lengths) {
  auto& layer = *module;
  return {std::move(module), [&layer, lengths](Inputs& in) -> Outputs {
            CallArguments call;
            call.mask = Mask::lengths(lengths);
            call.h = in.optional("h0");
            const auto result = layer.forward(in["x"], call);
            return {{"y", result.output}, {"h", result.h}};
          }};
}

Layer rnn_layer(Arguments& args) {
  auto options = recurrent_options<RNNOptions>(args);
  options.nonlinearity = nonlinearity_of(args);
  return single_state<RNN, RNNArguments>(made<RNN>(args, options), lengths_of(args));
}

Layer gru_layer(Arguments& args) {
  return single_state<GRU, GRUArguments>(made<GRU>(args, recurrent_options<GRUOptions>(args)), lengths_of(args));
}

Layer lstm_layer(Arguments& args) {
  auto module = made<LSTM>(args, recurrent_options<LSTMOptions>(args));
  auto& layer = *module;
  return {std::move(module), [&layer, lengths = lengths_of(args)](Inputs& in) -> Outputs {
            LSTMArguments call;
            call.mask = Mask::lengths(lengths);
            call.h = in.optional("h0");
            call.c = in.optional("c0");
            const LSTMOutput result = layer.forward(in["x"], call);
            return {{"y", result.output}, {"h", result.h}, {"c", result.c}};
          }};
}

/// RNNCell and GRUCell.
template <class Cell>
Layer single_state_cell(std::unique_ptr<Cell> module) {
  auto& cell = *module;
  return {std::move(module), [&cell](Inputs& in) -> Outputs {
            return {{"h", cell.forward(in["x"], in.optional("h0"))}};
          }};
}

Layer rnn_cell_layer(Arguments& args) {
  RNNCellOptions options;
  options.bias = args.get("bias", options.bias);
  options.nonlinearity = nonlinearity_of(args);
  return single_state_cell(made<RNNCell>(args, options));
}

Layer gru_cell_layer(Arguments& args) {
  GRUCellOptions options;
  options.bias = args.get("bias", options.bias);
  return single_state_cell(made<GRUCell>(args, options));
}

Layer lstm_cell_layer(Arguments& args) {
  LSTMCellOptions options;
  options.bias = args.get("bias", options.bias);
  auto module = made<LSTMCell>(args, options);
  auto& cell = *module;
  return {std::move(module), [&cell](Inputs& in) -> Outputs {
            const LSTMState state = cell.forward(in["x"], {in.optional("h0"), in.optional("c0")});
            return {{"h", state.h}, {"c", state.c}};
          }};
}

}  // namespace

const LayerTable& recurrent_layers() {
  static const LayerTable table{
      {"RNN", rnn_layer},          {"LSTM", lstm_layer},          {"GRU", gru_layer},
      {"RNNCell", rnn_cell_layer}, {"LSTMCell", lstm_cell_layer}, {"GRUCell", gru_cell_layer},
  };
  return table;
}

}  // namespace heed::conformance
