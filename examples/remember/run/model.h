// Model: a network with its vocabularies.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <heed/nn/seq2seq/beam_search.h>
#include <heed/nn/seq2seq/seq2seq.h>

#include "data/vocabulary.h"
#include "run/batch.h"
#include "run/evaluate.h"
#include "run/options.h"

namespace remember {

class Model {
 public:
  /// Parameters are drawn from the default generator.
  Model(const ModelOptions& options, Vocabulary source, Vocabulary target);

  heed::Seq2Seq& network() { return *network_; }
  const ModelOptions& options() const { return options_; }
  const Vocabulary& source_vocabulary() const { return source_vocabulary_; }
  const Vocabulary& target_vocabulary() const { return target_vocabulary_; }
  bool attends() const { return remember::attends(options_); }

  /// Mean cross-entropy over the tokens of the targets.
  heed::Variable loss(const Batch& batch, double teacher_forcing, double label_smoothing);
  SourceForm source_form() const { return {options_.reverse_source, options_.source_marks}; }
  /// loss(), teacher-forced, over the first answer of each problem, in evaluation mode and without a graph. Restores
  /// the model's mode.
  double mean_loss(const std::vector<Problem>& problems, int64_t batch = 64);
  /// The source as in the columns of the attention weights: not reversed, with <s> and </s> if the model is fed them.
  Tokens shown_source(const Tokens& source) const { return with_marks(source, source_form()); }
  /// Free-running outputs by greedy or beam search, at most `limit` tokens with the end token. The columns of their
  /// weights are the tokens of shown_source().
  std::vector<heed::Hypothesis> decode(const std::vector<Tokens>& sources, int64_t limit, int64_t beam = 1);
  /// decode(), of one source, and the `n_best` outputs of the beam, best first: fewer where there are no more.
  std::vector<heed::Hypothesis> decode_n_best(const Tokens& source, int64_t limit, int64_t beam, int64_t n_best);
  /// decode() for evaluate(). `each_step` is called before each token and may throw, which ends the decode. The model
  /// must outlive it.
  Decoder decoder(int64_t beam = 1, const std::function<void()>& each_step = {});

 private:
  /// For each source the best outputs of beam search.
  std::vector<std::vector<heed::Hypothesis>> search(const std::vector<Tokens>& sources,
                                                    const heed::BeamOptions& options);

  ModelOptions options_;
  Vocabulary source_vocabulary_;
  Vocabulary target_vocabulary_;
  std::unique_ptr<heed::Seq2Seq> network_;
};

/// Largest output length for a source without a known answer.
int64_t default_limit(int64_t source_length);

}  // namespace remember
