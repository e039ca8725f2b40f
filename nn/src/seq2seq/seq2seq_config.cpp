// make_seq2seq: checks a configuration and puts the parts together.
#include <heed/nn/seq2seq/bahdanau_decoder.h>
#include <heed/nn/seq2seq/location_decoder.h>
#include <heed/nn/seq2seq/recurrent_decoder.h>
#include <heed/nn/seq2seq/recurrent_encoder.h>
#include <heed/nn/seq2seq/seq2seq_config.h>
#include <heed/tensor/error.h>

namespace heed {
namespace {

void check_size(int64_t value, const char* name) {
  check(value >= 1, "Seq2SeqConfig", name, " must be at least 1, got ", value);
}

void check_config(const Seq2SeqConfig& config) {
  check_size(config.source_vocabulary, "source_vocabulary");
  check_size(config.target_vocabulary, "target_vocabulary");
  check_size(config.layers, "layers");
  check_size(config.embedding, "embedding");
  check_size(config.hidden, "hidden");
  check(config.dropout >= 0 && config.dropout < 1, "Seq2SeqConfig", "dropout must be at least 0 and below 1, got ",
        config.dropout);
  const SpecialTokens& tokens = config.tokens;
  check(tokens.pad < config.target_vocabulary && tokens.bos < config.target_vocabulary &&
            tokens.eos < config.target_vocabulary,
        "Seq2SeqConfig", "pad, bos and eos must be below target_vocabulary (", config.target_vocabulary, "), got ",
        tokens.pad, ", ", tokens.bos, ", ", tokens.eos);
  const bool compares_directly = config.attention == AttentionKind::dot || config.attention == AttentionKind::scaled;
  check(!compares_directly || !config.bidirectional, "Seq2SeqConfig", name_of(config.attention),
        " attention needs a memory as wide as the decoder's state, and a bidirectional encoder's is twice that; "
        "general attention takes both");
}

std::unique_ptr<Decoder> make_decoder(const Seq2SeqConfig& config, const RecurrentDecoderOptions& options) {
  if (config.attention == AttentionKind::location) {
    return std::make_unique<LocationDecoder>(
        config.target_vocabulary, std::make_unique<LocationAttention>(config.hidden, options.state_size, config.hidden),
        options, config.truncated_walk);
  }
  auto attention = make_attention(config.attention, config.hidden, options.state_size);
  if (config.attention == AttentionKind::additive) {
    return std::make_unique<BahdanauDecoder>(config.target_vocabulary, std::move(attention), options);
  }
  return std::make_unique<RecurrentDecoder>(config.target_vocabulary, std::move(attention), options);
}

}  // namespace

std::unique_ptr<Seq2Seq> make_seq2seq(const Seq2SeqConfig& config) {
  check_config(config);
  auto encoder = std::make_unique<RecurrentEncoder>(
      config.source_vocabulary, RecurrentEncoderOptions{config.cell, config.embedding, config.hidden, config.layers,
                                                        config.bidirectional, config.dropout});
  const int64_t width = config.bidirectional ? 2 * config.hidden : config.hidden;
  const RecurrentDecoderOptions options{config.cell,   config.embedding, config.hidden,
                                        config.layers, config.dropout,   width};
  return std::make_unique<Seq2Seq>(std::move(encoder), make_decoder(config, options), config.tokens);
}

}  // namespace heed
