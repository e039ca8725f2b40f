// Rows of the transformer's layers and stacks.
#include <heed/nn/transformer/transformer.h>

#include "support/layer_table.h"

namespace heed::test {
namespace {

using Widths = const LayerWidths&;

template <class Layer, class... Numbers>
LayerRow encoder_row(std::string name, TransformerOptions options, bool causal, Numbers... layers) {
  LayerRow row{std::move(name), [=](Widths w) mutable {
                 options.dim_feedforward = w.input;
                 const int64_t size = w.heads * w.hidden;
                 return use_of<Layer>([=] { return std::make_unique<Layer>(size, w.heads, layers..., options); },
                                      {{"BSF", size}}, {{"BSF", size}},
                                      [=](Layer& layer, const Variables& x, const LayerLengths& lengths) {
                                        const Mask mask = Mask::lengths(lengths.sources);
                                        return Variables{layer.forward(x[0], causal ? mask | Mask::causal() : mask)};
                                      });
               }};
  row.hides = "S";
  return row;
}

template <class Layer, class... Numbers>
LayerRow decoder_row(std::string name, TransformerOptions options, Numbers... layers) {
  LayerRow row{std::move(name), [=](Widths w) mutable {
                 options.dim_feedforward = w.input;
                 const int64_t size = w.heads * w.hidden;
                 return use_of<Layer>([=] { return std::make_unique<Layer>(size, w.heads, layers..., options); },
                                      {{"BTF", size}, {"BSF", size}}, {{"BTF", size}},
                                      [](Layer& layer, const Variables& x, const LayerLengths& lengths) {
                                        TransformerDecoderMasks masks;
                                        masks.target = Mask::lengths(lengths.targets) | Mask::causal();
                                        masks.memory = Mask::lengths(lengths.sources);
                                        return Variables{layer.forward(x[0], x[1], masks)};
                                      });
               }};
  row.hides = "TS";
  return row;
}

}  // namespace

std::vector<LayerRow> transformer_layer_rows() {
  const TransformerOptions plain{.dropout = 0}, other{.activation = TransformerActivation::gelu, .norm_first = true};
  const TransformerOptions stacked{.norm_first = true, .final_norm = true};
  return {
      encoder_row<TransformerEncoderLayer>("TransformerEncoderLayer", plain, false),
      encoder_row<TransformerEncoderLayer>("TransformerEncoderLayer, gelu, norm first, causal", other, true),
      encoder_row<TransformerEncoder>("TransformerEncoder", stacked, false, 2),
      decoder_row<TransformerDecoderLayer>("TransformerDecoderLayer", plain),
      decoder_row<TransformerDecoderLayer>("TransformerDecoderLayer, gelu, norm first", other),
      decoder_row<TransformerDecoder>("TransformerDecoder", stacked, 2),
  };
}

}  // namespace heed::test
