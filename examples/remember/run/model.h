// Model: a network with the vocabularies it speaks.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include <heed/nn/seq2seq/greedy_search.h>
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

  /// Mean cross-entropy over the targets' tokens.
  heed::Variable loss(const Batch& batch, double teacher_forcing, double label_smoothing);
  SourceForm source_form() const { return {options_.reverse_source, options_.source_marks}; }
  /// loss(), teacher-forced, over all answers (the first of each problem), in evaluation mode and without a graph. The
  /// model's mode is put back.
  double mean_loss(const std::vector<Problem>& problems, int64_t batch = 64);
  /// The source as the columns of a map of weights have it: in its own direction, with the marks that the model is fed.
  Tokens shown_source(const Tokens& source) const { return with_marks(source, source_form()); }
  /// What the model writes by itself, greedily or by beam search, at most `limit` tokens with the end mark. Columns of
  /// weights are places of shown_source().
  std::vector<heed::Hypothesis> decode(const std::vector<Tokens>& sources, int64_t limit, int64_t beam = 1);
  /// decode() for evaluate(). The model must outlive it.
  Decoder decoder(int64_t beam = 1);

 private:
  ModelOptions options_;
  Vocabulary source_vocabulary_;
  Vocabulary target_vocabulary_;
  std::unique_ptr<heed::Seq2Seq> network_;
};

/// How many tokens to let a model write for a source when no answer is known.
int64_t default_limit(int64_t source_length);

}  // namespace remember
