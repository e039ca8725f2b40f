// The layers that cases name and that go from one input to one output.
#include <heed/nn/core/embedding.h>
#include <heed/nn/core/layer_norm.h>
#include <heed/nn/core/linear.h>
#include <heed/nn/core/rms_norm.h>

#include "conformance/function.h"

namespace heed::conformance {
namespace {

Layer unary_layer(std::unique_ptr<UnaryModule> module) {
  UnaryModule& layer = *module;
  return {std::move(module), [&layer](Inputs& in) -> Outputs { return {{"y", layer.forward(in["x"])}}; }};
}

Layer linear_layer(Arguments& args) {
  LinearOptions options;
  options.bias = args.get("bias", options.bias);
  return unary_layer(
      std::make_unique<Linear>(args.get<int64_t>("in_features"), args.get<int64_t>("out_features"), options));
}

Layer embedding_layer(Arguments& args) {
  EmbeddingOptions options;
  if (args.has("padding_idx")) {
    options.padding_idx = args.get<int64_t>("padding_idx");
  }
  return unary_layer(
      std::make_unique<Embedding>(args.get<int64_t>("num_embeddings"), args.get<int64_t>("embedding_dim"), options));
}

Layer layer_norm_layer(Arguments& args) {
  LayerNormOptions options;
  options.eps = args.get("eps", options.eps);
  options.elementwise_affine = args.get("elementwise_affine", options.elementwise_affine);
  return unary_layer(std::make_unique<LayerNorm>(args.dims("normalized_shape"), options));
}

Layer rms_norm_layer(Arguments& args) {
  RMSNormOptions options;
  if (args.has("eps")) {
    options.eps = args.get<double>("eps");
  }
  options.elementwise_affine = args.get("elementwise_affine", options.elementwise_affine);
  return unary_layer(std::make_unique<RMSNorm>(args.dims("normalized_shape"), options));
}

}  // namespace

const LayerTable& layers() {
  static const LayerTable table{{"Linear", linear_layer},
                                {"Embedding", embedding_layer},
                                {"LayerNorm", layer_norm_layer},
                                {"RMSNorm", rms_norm_layer}};
  return table;
}

}  // namespace heed::conformance
