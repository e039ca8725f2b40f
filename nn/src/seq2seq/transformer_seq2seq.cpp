// The transformer as a sequence-to-sequence model: its configuration, and the factory.
#include <heed/nn/seq2seq/transformer_seq2seq.h>

#include "seq2seq/stack_rules.h"

namespace heed {

TransformerOptions TransformerSeq2SeqConfig::layer_options() const {
  TransformerOptions options = layer;
  options.final_norm = true;
  if (MakeScoreTerm of_positions = score_term_of(positions, max_distance)) {
    options.score_term = std::move(of_positions);
  }
  return options;
}

std::optional<ConfigProblem> problem_of(const TransformerSeq2SeqConfig& config) {
  detail::ConfigRules rules;
  detail::require_vocabularies(rules, config.source_vocabulary, config.target_vocabulary, config.tokens);
  rules.at_least_one("num_layers", config.num_layers);
  rules.at_least_one("heads", config.heads);
  rules.at_least_one("size", config.size);
  rules.at_least_one("dim_feedforward", config.layer.dim_feedforward);
  rules.at_least_one("position_range", config.position_range);
  rules.at_least_one("max_distance", config.max_distance);
  rules.dropout("dropout", config.layer.dropout);
  rules.require(!config.layer.final_norm, "final_norm", "false, as there is one norm after all layers", "true");
  rules.require(config.layer.batch_first, "batch_first", "true, as sequences of tokens are", "false");
  if (!rules.problem()) {
    const int64_t unit = size_unit(config.positions, config.heads);
    rules.require(config.size % unit == 0, "size",
                  "a multiple of " + std::to_string(unit) + " with " + std::to_string(config.heads) + " heads and " +
                      name_of(config.positions) + " positions",
                  config.size);
  }
  return rules.problem();
}

std::unique_ptr<Seq2Seq> make_transformer_seq2seq(const TransformerSeq2SeqConfig& config) {
  detail::refuse("TransformerSeq2SeqConfig", problem_of(config));
  return std::make_unique<Seq2Seq>(std::make_unique<TransformerSequenceEncoder>(config),
                                   std::make_unique<TransformerSequenceDecoder>(config), config.tokens);
}

}  // namespace heed
