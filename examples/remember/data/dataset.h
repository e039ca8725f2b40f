// Dataset: where a run's examples come from, whether made up (task_data.h) or read (pairs_data.h).
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "data/example.h"
#include "data/vocabulary.h"

namespace remember {

class Dataset {
 public:
  Dataset(const Dataset&) = delete;
  Dataset& operator=(const Dataset&) = delete;
  virtual ~Dataset() = default;

  const Vocabulary& source_vocabulary() const { return source_vocabulary_; }
  const Vocabulary& target_vocabulary() const { return target_vocabulary_; }
  /// The examples of training step `step` (from 0): a function of the step and of what the dataset was made with, so
  /// that a run can go on anywhere.
  virtual std::vector<Example> batch(int64_t step) = 0;
  /// What accuracy is measured on during training; never trained on.
  virtual const std::vector<Problem>& validation() const = 0;
  /// A number that changes with the data: two runs with the same options and fingerprint see the same examples.
  virtual uint64_t fingerprint() const = 0;
  /// What there is, in a line for people; empty for what is made up as asked for.
  virtual std::string description() const { return ""; }

 protected:
  Dataset() = default;
  Vocabulary source_vocabulary_;
  Vocabulary target_vocabulary_;
};

}  // namespace remember
