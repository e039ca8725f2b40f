// Makes heed's layers from the names and arguments of PyTorch's cases.
#include "support/conformance_layer.h"

#include <heed/nn/attention.h>
#include <heed/nn/embedding.h>
#include <heed/nn/gru.h>
#include <heed/nn/gru_cell.h>
#include <heed/nn/layer_norm.h>
#include <heed/nn/linear.h>
#include <heed/nn/lstm.h>
#include <heed/nn/lstm_cell.h>
#include <heed/nn/luong_attention.h>
#include <heed/nn/rnn.h>
#include <heed/nn/rnn_cell.h>
#include <heed/tensor/create.h>

namespace heed::test {
namespace {

using Json = nlohmann::json;

Variable find(const NamedVariables& inputs, const std::string& name) {
  const auto entry = inputs.find(name);
  return entry == inputs.end() ? Variable() : entry->second;
}

Tensor find_tensor(const NamedVariables& inputs, const std::string& name) {
  const Variable found = find(inputs, name);
  return found.defined() ? found.value() : Tensor();
}

Tensor lengths_of(const Json& args) {
  if (!args.contains("lengths")) {
    return Tensor();
  }
  const std::vector<int64_t> lengths = args.at("lengths");
  return from_vector(lengths, {static_cast<int64_t>(lengths.size())});
}

ReplayedLayer unary(const std::shared_ptr<UnaryModule>& layer) {
  return {layer, [layer](const NamedVariables& in) { return NamedVariables{{"y", layer->forward(find(in, "x"))}}; }};
}

ReplayedLayer attention(const std::shared_ptr<Attention>& layer) {
  return {layer, [layer](const NamedVariables& in) {
            const AttentionOutput out = layer->forward(find(in, "query"), find(in, "memory"), find_tensor(in, "mask"));
            return NamedVariables{{"context", out.context}, {"weights", out.weights}};
          }};
}

template <class Options>
Options recurrent_options(const Json& args) {
  Options options;
  options.num_layers = args.value("num_layers", 1);
  options.bidirectional = args.value("bidirectional", false);
  options.bias = args.value("bias", true);
  options.batch_first = args.value("batch_first", false);
  return options;
}

ReplayedLayer make_lstm(const Json& args) {
  auto layer =
      std::make_shared<LSTM>(args.at("input_size"), args.at("hidden_size"), recurrent_options<LSTMOptions>(args));
  return {layer, [layer, lengths = lengths_of(args)](const NamedVariables& in) {
            const LSTMOutput out =
                layer->forward(find(in, "x"), {.lengths = lengths, .h = find(in, "h0"), .c = find(in, "c0")});
            return NamedVariables{{"y", out.output}, {"h", out.h}, {"c", out.c}};
          }};
}

ReplayedLayer make_gru(const Json& args) {
  auto layer =
      std::make_shared<GRU>(args.at("input_size"), args.at("hidden_size"), recurrent_options<GRUOptions>(args));
  return {layer, [layer, lengths = lengths_of(args)](const NamedVariables& in) {
            const GRUOutput out = layer->forward(find(in, "x"), {.lengths = lengths, .h = find(in, "h0")});
            return NamedVariables{{"y", out.output}, {"h", out.h}};
          }};
}

ReplayedLayer make_rnn(const Json& args) {
  auto options = recurrent_options<RNNOptions>(args);
  options.nonlinearity = args.value("nonlinearity", "tanh") == "tanh" ? Nonlinearity::tanh : Nonlinearity::relu;
  auto layer = std::make_shared<RNN>(args.at("input_size"), args.at("hidden_size"), options);
  return {layer, [layer, lengths = lengths_of(args)](const NamedVariables& in) {
            const RNNOutput out = layer->forward(find(in, "x"), {.lengths = lengths, .h = find(in, "h0")});
            return NamedVariables{{"y", out.output}, {"h", out.h}};
          }};
}

ReplayedLayer make_lstm_cell(const Json& args) {
  auto layer = std::make_shared<LSTMCell>(args.at("input_size"), args.at("hidden_size"));
  return {layer, [layer](const NamedVariables& in) {
            const LSTMState next = layer->forward(find(in, "x"), {find(in, "h0"), find(in, "c0")});
            return NamedVariables{{"h", next.h}, {"c", next.c}};
          }};
}

template <class Cell>
ReplayedLayer make_cell(const Json& args) {
  auto layer = std::make_shared<Cell>(args.at("input_size"), args.at("hidden_size"));
  return {layer, [layer](const NamedVariables& in) {
            return NamedVariables{{"h", layer->forward(find(in, "x"), find(in, "h0"))}};
          }};
}

ReplayedLayer make_linear(const Json& args) {
  const LinearOptions options{.bias = args.value("bias", true)};
  return unary(std::make_shared<Linear>(args.at("in_features"), args.at("out_features"), options));
}

ReplayedLayer make_embedding(const Json& args) {
  EmbeddingOptions options;
  if (args.contains("padding_idx")) {
    options.padding_idx = args.at("padding_idx").get<int64_t>();
  }
  return unary(std::make_shared<Embedding>(args.at("num_embeddings"), args.at("embedding_dim"), options));
}

ReplayedLayer make_layer_norm(const Json& args) {
  const LayerNormOptions options{.eps = args.value("eps", 1e-5),
                                 .elementwise_affine = args.value("elementwise_affine", true)};
  return unary(std::make_shared<LayerNorm>(Shape(args.at("normalized_shape").get<std::vector<int64_t>>()), options));
}

ReplayedLayer make_additive(const Json& args) {
  return attention(
      std::make_shared<AdditiveAttention>(args.at("query_size"), args.at("memory_size"), args.at("attention_size")));
}

ReplayedLayer make_luong(const Json& args) {
  const std::string score = args.at("score");
  return attention(std::make_shared<LuongAttention>(args.at("query_size"), args.at("memory_size"),
                                                    score == "dot"       ? LuongScore::dot
                                                    : score == "general" ? LuongScore::general
                                                                         : LuongScore::concat));
}

}  // namespace

ReplayedLayer make_layer(const std::string& name, const Json& args) {
  static const std::map<std::string, ReplayedLayer (*)(const Json&)> makers{
      {"Linear", make_linear},
      {"Embedding", make_embedding},
      {"LayerNorm", make_layer_norm},
      {"LSTM", make_lstm},
      {"GRU", make_gru},
      {"RNN", make_rnn},
      {"LSTMCell", make_lstm_cell},
      {"GRUCell", make_cell<GRUCell>},
      {"RNNCell", make_cell<RNNCell>},
      {"AdditiveAttention", make_additive},
      {"LuongAttention", make_luong},
  };
  const auto maker = makers.find(name);
  return maker == makers.end() ? ReplayedLayer() : maker->second(args);
}

}  // namespace heed::test
