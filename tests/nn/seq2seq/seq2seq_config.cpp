// Configurations of sequence-to-sequence models: their rules, and the names of kinds.
#include <heed/nn/seq2seq/bahdanau_decoder.h>
#include <heed/nn/seq2seq/recurrent_decoder.h>
#include <heed/nn/seq2seq/recurrent_encoder.h>
#include <heed/nn/seq2seq/seq2seq_config.h>
#include <heed/tensor/error.h>

#include "support/catch.h"
#include "support/message.h"

using namespace heed;

namespace {

constexpr int64_t kVocabulary = 7;

Seq2SeqConfig small_config() {
  Seq2SeqConfig config;
  config.source_vocabulary = config.target_vocabulary = kVocabulary;
  config.stack = {.cell = CellKind::rnn, .embedding = 3, .hidden = 5};
  config.attention = AttentionKind::none;
  return config;
}

}  // namespace

TEST_CASE("kinds are found by name, and unknown names get the list of those there are") {
  REQUIRE(parse_cell_kind("gru") == CellKind::gru);
  REQUIRE(parse_attention_kind("none") == AttentionKind::none);
  for (const AttentionKind kind : attention_kinds()) {
    REQUIRE(parse_attention_kind(name_of(kind)) == kind);
  }
  REQUIRE(std::string(name_of(AttentionKind::location)) == "location");
  std::vector<std::string> names;
  std::string list;
  for (const CellKind cell : cell_kinds()) {
    names.emplace_back(name_of(cell));
    list.append(list.empty() ? "" : ", ").append(name_of(cell));
    REQUIRE(parse_cell_kind(name_of(cell)) == cell);
  }
  REQUIRE(parse_cell_kind(name_of(CellKind::rnn_relu)) == CellKind::rnn_relu);
  names.emplace_back("transformer");
  REQUIRE(encoder_names() == names);
  REQUIRE(message_of<ValueError>([] { parse_cell_kind("LSTM"); }).find(list + ", got 'LSTM'") != std::string::npos);
  REQUIRE_THROWS_AS(parse_attention_kind(""), ValueError);
}

TEST_CASE("a configuration's problem names the field, what it must be, and what it is") {
  const auto text = [](const Seq2SeqConfig& config) { return problem_of(config).value().message(); };
  Seq2SeqConfig config = small_config();
  config.stack.layers.num_layers = 0;
  REQUIRE(text(config) == "num_layers must be at least 1, got 0");
  config.stack.layers = {.bidirectional = true};
  config.attention = AttentionKind::dot;
  REQUIRE(text(config) ==
          "attention must be one of none, additive, general, concat, location with a bidirectional encoder, whose "
          "states are twice as wide as the decoder's, got dot");
  const auto text_of = [&](CellKind cell, AttentionKind attention, const RecurrentLayerOptions& layers) {
    Seq2SeqConfig other = small_config();
    other.stack.cell = cell;
    other.attention = attention;
    other.stack.layers = layers;
    REQUIRE_THROWS_AS(make_seq2seq(other), ValueError);
    return text(other);
  };
  const CellKind gru = CellKind::gru, min_gru = parse_cell_kind("mingru");
  REQUIRE(text_of(gru, AttentionKind::none, {.recurrent_dropout = 1.5}) ==
          "recurrent_dropout must be from 0 to 1, got 1.5");
  REQUIRE(text_of(min_gru, AttentionKind::none, {.recurrent_dropout = 0.5}) ==
          "recurrent_dropout must be 0, as there is no weight_hh, got 0.5");
  REQUIRE(text_of(gru, AttentionKind::none, {.batch_first = false}) ==
          "batch_first must be true, as sequences of tokens are, got false");
  REQUIRE(text_of(gru, AttentionKind::none, {.nonlinearity = Nonlinearity::relu}) ==
          "nonlinearity must be tanh: only an RNN has a choice, got relu");
  for (const AttentionKind attention : {AttentionKind::additive, AttentionKind::location}) {
    const std::string reason = " where what is attended to feeds the cell, which goes step by step, got ";
    REQUIRE(text_of(gru, attention, {.locked_dropout = true}) == "locked_dropout must be false" + reason + "true");
    REQUIRE(text_of(gru, attention, {.recurrent_dropout = 0.5}) == "recurrent_dropout must be 0" + reason + "0.5");
  }
  config.tokens.eos = kVocabulary;
  REQUIRE(text(config) == "target_vocabulary must be above pad, bos and eos, the largest of which is 7, got 7");
}

TEST_CASE("decoders refuse layers that go over a whole sequence, or both ways") {
  const auto refuses = [](const RecurrentLayerOptions& layers, bool of_all) {
    const RecurrentDecoderOptions options{.stack = {.hidden = 4, .layers = layers}};
    const auto additive = [] { return make_attention(AttentionKind::additive, 4, 4); };
    REQUIRE_THROWS_AS(BahdanauDecoder(5, additive(), options), ValueError);
    if (of_all) {
      REQUIRE_THROWS_AS(RecurrentDecoder(5, additive(), options), ValueError);
    }
  };
  refuses({.bidirectional = true}, true);
  refuses({.batch_first = false}, true);
  refuses({.locked_dropout = true}, false);
  refuses({.recurrent_dropout = 0.5}, false);
  REQUIRE_THROWS_AS(RecurrentEncoder(5, {.layers = {.batch_first = false}}), ValueError);
}
