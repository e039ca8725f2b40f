// Makes networks: see network.h.
#include "run/network.h"

#include <vector>

#include <heed/nn/seq2seq/seq2seq_config.h>
#include <heed/nn/seq2seq/transformer_seq2seq.h>

#include "data/vocabulary.h"
#include "text/words.h"

namespace remember {

namespace {

heed::TransformerSeq2SeqConfig transformer_config(const ModelOptions& options) {
  heed::TransformerSeq2SeqConfig config;
  config.positions = heed::parse_position_kind(options.positions);
  config.num_layers = options.layers;
  config.heads = options.heads;
  config.size = options.hidden;
  config.layer.dim_feedforward = 2 * options.hidden;
  config.layer.dropout = options.dropout;
  return config;
}

heed::Seq2SeqConfig recurrent_config(const ModelOptions& options) {
  heed::Seq2SeqConfig config;
  config.stack.cell = heed::parse_cell_kind(options.cell);
  config.stack.embedding = options.embedding == 0 ? options.hidden : options.embedding;
  config.stack.hidden = options.hidden;
  config.stack.layers.num_layers = options.layers;
  config.stack.layers.bidirectional = options.bidirectional;
  config.stack.layers.dropout = options.dropout;
  config.attention = heed::parse_attention_kind(options.attention);
  config.truncated_walk = true;
  return config;
}

template <class Config>
Config with_vocabularies(Config config, int64_t source_size, int64_t target_size) {
  config.source_vocabulary = source_size;
  config.target_vocabulary = target_size;
  config.tokens = {kPadToken, kStartToken, kEndToken};
  return config;
}

template <class Kinds>
std::string names_of(const Kinds& kinds) {
  std::vector<std::string> names;
  for (const auto kind : kinds) {
    names.emplace_back(heed::name_of(kind));
  }
  return joined(names, ", ");
}

}  // namespace

std::unique_ptr<heed::Seq2Seq> make_network(const ModelOptions& options, int64_t source_size, int64_t target_size) {
  if (is_transformer(options)) {
    return heed::make_transformer_seq2seq(with_vocabularies(transformer_config(options), source_size, target_size));
  }
  return heed::make_seq2seq(with_vocabularies(recurrent_config(options), source_size, target_size));
}

std::optional<heed::ConfigProblem> problem_of(const ModelOptions& options) {
  if (is_transformer(options)) {
    return heed::problem_of(with_vocabularies(transformer_config(options), kFirstToken, kFirstToken));
  }
  return heed::problem_of(with_vocabularies(recurrent_config(options), kFirstToken, kFirstToken));
}

int64_t state_size(const ModelOptions& options) {
  return is_transformer(options) ? 0
                                 : options.layers * options.hidden *
                                       static_cast<int64_t>(heed::parse_cell_kind(options.cell)->states().size());
}

std::string cell_names() { return names_of(heed::cell_kinds()); }

std::string encoder_names() { return joined(heed::encoder_names(), ", "); }

std::string attention_names() { return names_of(heed::attention_kinds().subspan(1)); }

std::string position_names() { return names_of(heed::position_kinds()); }

}  // namespace remember
