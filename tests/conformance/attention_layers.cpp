// The layers with attention that cases name. PyTorch's batch_first is false where a case does not say.
#include <heed/nn/attention/attention.h>
#include <heed/nn/attention/luong_attention.h>
#include <heed/nn/attention/multihead_attention.h>
#include <heed/nn/transformer/transformer.h>

#include "conformance/function.h"

namespace heed::conformance {
namespace {

/// PyTorch's masks as one.
Mask mask_of(const Variable& attn_mask, const Tensor& key_padding_mask) {
  const Mask padding = Mask::padding(key_padding_mask);
  const bool adds = attn_mask.defined() && attn_mask.dtype() != DType::boolean;
  return padding | (adds ? Mask::added(attn_mask) : Mask(attn_mask.defined() ? attn_mask.value() : Tensor()));
}

Layer multihead_attention(Arguments& args) {
  MultiheadAttentionOptions options;
  options.bias = args.get("bias", options.bias);
  options.batch_first = args.get("batch_first", false);
  options.dropout = args.get("dropout", options.dropout);
  if (args.has("kdim")) {
    options.kdim = args.get<int64_t>("kdim");
  }
  if (args.has("vdim")) {
    options.vdim = args.get<int64_t>("vdim");
  }
  MultiheadAttentionArguments call;
  call.need_weights = args.get("need_weights", call.need_weights);
  call.average_attn_weights = args.get("average_attn_weights", call.average_attn_weights);
  auto module =
      std::make_unique<MultiheadAttention>(args.get<int64_t>("embed_dim"), args.get<int64_t>("num_heads"), options);
  auto& layer = *module;
  return {std::move(module), [&layer, call](Inputs& in) -> Outputs {
            const Mask mask = mask_of(in.optional("attn_mask"), in.data("key_padding_mask"));
            const auto result = layer.forward(in["query"], in["key"], in["value"], mask, call);
            return {{"y", result.output}, {"weights", result.weights}};
          }};
}

TransformerOptions transformer_options(Arguments& args) {
  static const std::map<std::string, TransformerActivation> activations{{"relu", TransformerActivation::relu},
                                                                        {"gelu", TransformerActivation::gelu}};
  TransformerOptions options;
  options.dim_feedforward = args.get("dim_feedforward", options.dim_feedforward);
  options.dropout = args.get("dropout", options.dropout);
  options.activation = look_up(activations, args.get<std::string>("activation", "relu"), "activation");
  options.layer_norm_eps = args.get("layer_norm_eps", options.layer_norm_eps);
  options.norm_first = args.get("norm_first", options.norm_first);
  options.batch_first = args.get("batch_first", false);
  options.bias = args.get("bias", options.bias);
  return options;
}

/// TransformerEncoderLayer and TransformerEncoder.
template <class Encoder>
Layer encoder_layer(std::unique_ptr<Encoder> module) {
  auto& layer = *module;
  return {std::move(module), [&layer](Inputs& in) -> Outputs {
            const Mask mask = mask_of(in.optional("src_mask"), in.data("src_key_padding_mask"));
            return {{"y", layer.forward(in["x"], mask)}};
          }};
}

/// TransformerDecoderLayer and TransformerDecoder.
template <class Decoder>
Layer decoder_layer(std::unique_ptr<Decoder> module) {
  auto& layer = *module;
  return {std::move(module), [&layer](Inputs& in) -> Outputs {
            TransformerDecoderMasks masks;
            masks.target = mask_of(in.optional("tgt_mask"), in.data("tgt_key_padding_mask"));
            masks.memory = mask_of(in.optional("memory_mask"), in.data("memory_key_padding_mask"));
            return {{"y", layer.forward(in["x"], in["memory"], masks)}};
          }};
}

template <class Single>
std::unique_ptr<Single> one_layer(Arguments& args) {
  return std::make_unique<Single>(args.get<int64_t>("d_model"), args.get<int64_t>("nhead"), transformer_options(args));
}

/// `norm` says whether there is one after the last layer.
template <class Stack>
std::unique_ptr<Stack> stack_of(Arguments& args) {
  TransformerOptions options = transformer_options(args);
  options.final_norm = args.get("norm", false);
  return std::make_unique<Stack>(args.get<int64_t>("d_model"), args.get<int64_t>("nhead"),
                                 args.get<int64_t>("num_layers"), options);
}

template <class Module>
Layer memory_attention(std::unique_ptr<Module> module) {
  auto& layer = *module;
  return {std::move(module), [&layer](Inputs& in) -> Outputs {
            const auto result = layer.forward(in["query"], in["memory"], in.data("mask"));
            return {{"context", result.context}, {"weights", result.weights}};
          }};
}

Layer additive_attention(Arguments& args) {
  return memory_attention(std::make_unique<AdditiveAttention>(
      args.get<int64_t>("query_size"), args.get<int64_t>("memory_size"), args.get<int64_t>("attention_size")));
}

Layer luong_attention(Arguments& args) {
  static const std::map<std::string, LuongScore> scores{
      {"dot", LuongScore::dot}, {"general", LuongScore::general}, {"concat", LuongScore::concat}};
  const LuongScore score = look_up(scores, args.get<std::string>("score"), "score");
  return memory_attention(
      std::make_unique<LuongAttention>(args.get<int64_t>("query_size"), args.get<int64_t>("memory_size"), score));
}

}  // namespace

const LayerTable& attention_layers() {
  static const LayerTable table{
      {"MultiheadAttention", multihead_attention},
      {"TransformerEncoderLayer",
       [](Arguments& args) { return encoder_layer(one_layer<TransformerEncoderLayer>(args)); }},
      {"TransformerDecoderLayer",
       [](Arguments& args) { return decoder_layer(one_layer<TransformerDecoderLayer>(args)); }},
      {"TransformerEncoder", [](Arguments& args) { return encoder_layer(stack_of<TransformerEncoder>(args)); }},
      {"TransformerDecoder", [](Arguments& args) { return decoder_layer(stack_of<TransformerDecoder>(args)); }},
      {"AdditiveAttention", additive_attention},
      {"LuongAttention", luong_attention},
  };
  return table;
}

}  // namespace heed::conformance
