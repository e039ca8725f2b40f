// Rows of sequence-to-sequence models, and of their encoders and decoders.
#include <heed/autograd/elementwise.h>
#include <heed/nn/recurrent/min_gru.h>
#include <heed/nn/seq2seq/bahdanau_decoder.h>
#include <heed/nn/seq2seq/location_decoder.h>
#include <heed/nn/seq2seq/recurrent_decoder.h>
#include <heed/nn/seq2seq/seq2seq_config.h>
#include <heed/nn/seq2seq/transformer_seq2seq.h>
#include <heed/tensor/create.h>
#include <heed/tensor/index.h>
#include <heed/tensor/view.h>

#include "support/layer_table.h"

namespace heed::test {
namespace {

using Widths = const LayerWidths&;

constexpr int64_t kVocabulary = 7;

Variables logits_and_weights(const DecoderOutput& output) {
  return output.weights.defined() ? Variables{output.logits, output.weights} : Variables{output.logits};
}

std::vector<Port> decoder_outputs(bool attends) {
  std::vector<Port> outputs{{"BTF", kVocabulary}};
  if (attends) {
    outputs.push_back({"BTS", 0, 0, 0, true});
  }
  return outputs;
}

Tensor mask_of(const Variable& memory, const LayerLengths& lengths) {
  return lengths.sources.defined() ? padding_mask(lengths.sources, memory.size(1)) : Tensor();
}

/// A row that is told the sources' lengths, and needs a step of each.
LayerRow row_of(std::string name, std::function<LayerUse(Widths)> use) {
  LayerRow row{std::move(name), std::move(use)};
  row.hides = "S";
  row.least_steps = 1;
  return row;
}

LayerRow model_row(std::string name, bool attends, const std::function<std::unique_ptr<Seq2Seq>(Widths)>& make) {
  return row_of(std::move(name), [=](Widths w) {
    return use_of<Seq2Seq>([=] { return make(w); }, {{"BS", 0, 0, kVocabulary}, {"BT", 0, 0, kVocabulary}},
                           decoder_outputs(attends),
                           [](Seq2Seq& model, const Variables& x, const LayerLengths& lengths) {
                             return logits_and_weights(model.forward(x[0].value(), lengths.sources, x[1].value()));
                           });
  });
}

LayerRow recurrent_model_row(std::string name, const Seq2SeqConfig& given) {
  return model_row(std::move(name), given.attention != AttentionKind::none, [=](Widths w) {
    Seq2SeqConfig config = given;
    config.source_vocabulary = config.target_vocabulary = kVocabulary;
    config.stack.embedding = w.input;
    config.stack.hidden = w.hidden;
    return make_seq2seq(config);
  });
}

TransformerSeq2SeqConfig transformer_config(Widths w, PositionKind positions) {
  TransformerSeq2SeqConfig config;
  config.source_vocabulary = config.target_vocabulary = kVocabulary;
  config.positions = positions;
  config.heads = w.heads;
  config.size = 4 * w.heads * w.hidden;  // which 4 must divide for positions from both ends
  config.layer.dim_feedforward = w.input;
  config.max_distance = 3;
  return config;
}

LayerRow transformer_model_row(std::string name, PositionKind positions) {
  return model_row(std::move(name), true,
                   [=](Widths w) { return make_transformer_seq2seq(transformer_config(w, positions)); });
}

LayerRow transformer_encoder_row() {
  return row_of("TransformerSequenceEncoder", [](Widths w) {
    const TransformerSeq2SeqConfig config = transformer_config(w, PositionKind::both_ends);
    return use_of<TransformerSequenceEncoder>(
        [=] { return std::make_unique<TransformerSequenceEncoder>(config); }, {{"BS", 0, 0, kVocabulary}},
        {{"BSF", config.size}},
        [](TransformerSequenceEncoder& layer, const Variables& x, const LayerLengths& lengths) {
          return Variables{layer.forward(x[0].value(), lengths.sources).memory};
        });
  });
}

LayerRow transformer_decoder_row() {
  return row_of("TransformerSequenceDecoder", [](Widths w) {
    const TransformerSeq2SeqConfig config = transformer_config(w, PositionKind::relative);
    return use_of<TransformerSequenceDecoder>(
        [=] { return std::make_unique<TransformerSequenceDecoder>(config); },
        {{"BT", 0, 0, kVocabulary}, {"BSF", config.size}}, decoder_outputs(true),
        [](TransformerSequenceDecoder& layer, const Variables& x, const LayerLengths& lengths) {
          // Steps from position 0 on, one apart.
          const Tensor start = expand(tensor<double>({0, 1}), {x[1].size(0), 2});
          const Encoding encoding{x[1], {CellState{start}}, mask_of(x[1], lengths)};
          return logits_and_weights(layer.forward(x[0].value(), layer.start(encoding)));
        });
  });
}

/// A recurrent decoder by itself: target ids, a memory and one state of the encoder.
template <class Layer, class MakeAttention>
LayerRow decoder_row(std::string name, const MakeAttention& make_its_attention) {
  return row_of(std::move(name), [=](Widths w) {
    RecurrentDecoderOptions options;
    options.stack = {.cell = CellKind::gru, .embedding = w.input, .hidden = w.hidden};
    options.state_size = w.input;
    return use_of<Layer>([=] { return std::make_unique<Layer>(kVocabulary, make_its_attention(w), options); },
                         {{"BT", 0, 0, kVocabulary}, {"BSF", w.input}, {"BF", w.input}}, decoder_outputs(true),
                         [](Layer& layer, const Variables& x, const LayerLengths& lengths) {
                           const Encoding encoding{x[1], {CellState{x[2]}}, mask_of(x[1], lengths)};
                           return logits_and_weights(layer.forward(x[0].value(), layer.start(encoding)));
                         });
  });
}

std::unique_ptr<LocationAttention> make_location(Widths w) {
  return std::make_unique<LocationAttention>(w.hidden, w.input, w.hidden + 1, 2);
}

/// Two steps of a walk through a memory.
LayerRow location_row() {
  return row_of("LocationAttention", [](Widths w) {
    return use_of<LocationAttention>([=] { return make_location(w); }, {{"BF", w.hidden}, {"BSF", w.input}},
                                     {{"BF", w.input, 0, 0, true}, {"BS", 0, 0, 0, true}, {"BF", 6}},
                                     [](LocationAttention& layer, const Variables& x, const LayerLengths& lengths) {
                                       const LocationMemory memory = layer.prepare(x[1], mask_of(x[1], lengths));
                                       const auto first = layer.forward(x[0], memory, layer.start(memory));
                                       const auto second = layer.forward(x[0] * 0.5, memory, first.state);
                                       return Variables{second.context, second.state.weights, second.state.shift};
                                     });
  });
}

}  // namespace

std::vector<LayerRow> seq2seq_layer_rows() {
  using K = AttentionKind;
  return {
      recurrent_model_row("Seq2Seq, lstm, additive, both ways",
                          {.stack = {.layers = {.bidirectional = true}}, .attention = K::additive}),
      recurrent_model_row("Seq2Seq, gru, general, two layers",
                          {.stack = {.cell = CellKind::gru, .layers = {.num_layers = 2, .bidirectional = true}},
                           .attention = K::general}),
      recurrent_model_row("Seq2Seq, rnn, no attention", {.stack = {.cell = CellKind::rnn}, .attention = K::none}),
      recurrent_model_row("Seq2Seq, lstm, scaled", {.attention = K::scaled}),
      recurrent_model_row("Seq2Seq, gru, concat", {.stack = {.cell = CellKind::gru}, .attention = K::concat}),
      recurrent_model_row(
          "Seq2Seq, mingru, general, both ways",
          {.stack = {.cell = min_gru_kind(), .layers = {.bidirectional = true}}, .attention = K::general}),
      recurrent_model_row("Seq2Seq, mingru, additive", {.stack = {.cell = min_gru_kind()}, .attention = K::additive}),
      recurrent_model_row("Seq2Seq, gru, location", {.stack = {.cell = CellKind::gru}, .attention = K::location}),
      transformer_model_row("Seq2Seq, transformer, sinusoidal", PositionKind::sinusoidal),
      transformer_model_row("Seq2Seq, transformer, relative", PositionKind::relative),
      transformer_model_row("Seq2Seq, transformer, rotary", PositionKind::rotary),
      transformer_model_row("Seq2Seq, transformer, alibi", PositionKind::alibi),
      transformer_model_row("Seq2Seq, transformer, hard-alibi", PositionKind::hard_alibi),
      decoder_row<BahdanauDecoder>("BahdanauDecoder",
                                   [](Widths w) { return make_attention(K::additive, w.hidden, w.input); }),
      decoder_row<RecurrentDecoder>("RecurrentDecoder",
                                    [](Widths w) { return make_attention(K::general, w.hidden, w.input); }),
      decoder_row<LocationDecoder>("LocationDecoder", &make_location),
      location_row(),
      transformer_encoder_row(),
      transformer_decoder_row(),
  };
}

}  // namespace heed::test
