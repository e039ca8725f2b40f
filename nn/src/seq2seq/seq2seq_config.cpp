// make_seq2seq: checks a configuration and puts the parts together.
#include <heed/nn/seq2seq/bahdanau_decoder.h>
#include <heed/nn/seq2seq/location_decoder.h>
#include <heed/nn/seq2seq/recurrent_decoder.h>
#include <heed/nn/seq2seq/recurrent_encoder.h>
#include <heed/nn/seq2seq/seq2seq_config.h>

#include "seq2seq/stack_rules.h"

namespace heed {
namespace {

/// "none, additive, …": the kinds that take a memory of any size.
std::string kinds_of_any_size() {
  std::string names;
  for (const AttentionKind kind : attention_kinds()) {
    if (!needs_one_size(kind)) {
      names.append(names.empty() ? "" : ", ").append(name_of(kind));
    }
  }
  return names;
}

std::unique_ptr<Decoder> make_decoder(const Seq2SeqConfig& config, const RecurrentDecoderOptions& options) {
  const int64_t hidden = options.stack.hidden;
  if (config.attention == AttentionKind::location) {
    return std::make_unique<LocationDecoder>(config.target_vocabulary,
                                             std::make_unique<LocationAttention>(hidden, options.state_size, hidden),
                                             options, config.truncated_walk);
  }
  auto attention = make_attention(config.attention, hidden, options.state_size);
  if (config.attention == AttentionKind::additive) {
    return std::make_unique<BahdanauDecoder>(config.target_vocabulary, std::move(attention), options);
  }
  return std::make_unique<RecurrentDecoder>(config.target_vocabulary, std::move(attention), options);
}

}  // namespace

std::optional<ConfigProblem> problem_of(const Seq2SeqConfig& config) {
  detail::ConfigRules rules;
  detail::require_vocabularies(rules, config.source_vocabulary, config.target_vocabulary, config.tokens);
  rules.include(problem_of(config.stack));
  if (config.attention == AttentionKind::additive || config.attention == AttentionKind::location) {
    rules.include(detail::problem_of_steps(config.stack));
  }
  rules.require(!needs_one_size(config.attention) || !config.stack.layers.bidirectional, "attention",
                "one of " + kinds_of_any_size() +
                    " with a bidirectional encoder, whose states are twice as wide as the decoder's",
                name_of(config.attention));
  return rules.problem();
}

std::unique_ptr<Seq2Seq> make_seq2seq(const Seq2SeqConfig& config) {
  detail::refuse("Seq2SeqConfig", problem_of(config));
  auto encoder = std::make_unique<RecurrentEncoder>(config.source_vocabulary, config.stack);
  RecurrentDecoderOptions options{config.stack, config.stack.hidden * (config.stack.layers.bidirectional ? 2 : 1)};
  options.stack.layers.bidirectional = false;
  return std::make_unique<Seq2Seq>(std::move(encoder), make_decoder(config, options), config.tokens);
}

std::vector<std::string> encoder_names() {
  std::vector<std::string> names;
  for (const CellKind cell : cell_kinds()) {
    names.emplace_back(name_of(cell));
  }
  names.emplace_back("transformer");
  return names;
}

}  // namespace heed
