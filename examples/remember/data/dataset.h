// Dataset: the examples of a run, generated (task_data.h) or read from files (pairs_data.h).
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
  /// The examples of training step `step` (from 0). They depend only on the step and on the dataset's options, so that
  /// a run can resume at any step.
  virtual std::vector<Example> batch(int64_t step) = 0;
  /// Held-out problems, never trained on.
  virtual const std::vector<Problem>& validation() const = 0;
  /// Problems to test with: those that choose nothing, where a file holds such; else validation().
  virtual const std::vector<Problem>& test() const { return validation(); }
  /// A hash of the data: two runs with the same options and fingerprint see the same examples.
  virtual uint64_t fingerprint() const = 0;
  /// One line about the data; empty if they are generated.
  virtual std::string description() const { return ""; }

 protected:
  Dataset() = default;
  Vocabulary source_vocabulary_;
  Vocabulary target_vocabulary_;
};

}  // namespace remember
