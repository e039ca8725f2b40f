// PairsData: training batches and validation problems from files of pairs.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <heed/nn/data/batch_sampler.h>

#include "data/dataset.h"
#include "data/pairs.h"

namespace remember {

struct PairsDataOptions {
  std::string data = {};
  /// Validation file, whose sources are left out of training. If empty, 5 % of the sources of `data` (at most 2,500)
  /// are held out.
  std::string valid = {};
  /// Test file, whose sources are left out of training and of validation; empty: none.
  std::string test = {};
  Cut source_cut = Cut::automatic;
  Cut target_cut = Cut::automatic;
  int64_t batch = 64;
  uint64_t seed = 1;
  PairsReader read = {};  ///< unless given, heed::read_pair_lines
};

/// Problems in the order of the file; lines with the same source are one problem with several answers.
std::vector<Problem> as_problems(const Pairs& pairs, const Vocabulary& source, const Vocabulary& target);

/// Every pair is used once per epoch, in an order that depends on seed and epoch, in batches of similar lengths.
class PairsData : public Dataset {
 public:
  /// Throws heed::FileError.
  explicit PairsData(const PairsDataOptions& options);

  std::vector<Example> batch(int64_t step) override;
  const std::vector<Problem>& validation() const override { return validation_; }
  const std::vector<Problem>& test() const override { return options_.test.empty() ? validation_ : test_; }
  uint64_t fingerprint() const override { return fingerprint_; }
  std::string description() const override;

  Cut source_cut() const { return source_cut_; }
  Cut target_cut() const { return target_cut_; }
  const std::vector<Example>& training() const { return training_; }
  int64_t batches_in_epoch() const { return sampler_->batches(); }

 private:
  void hold_out(Pairs& pairs, Pairs& validation) const;

  PairsDataOptions options_;
  Cut source_cut_;
  Cut target_cut_;
  uint64_t fingerprint_ = 0;
  int64_t left_out_ = 0;  // sources of the training file that are also in another one
  std::vector<Example> training_;
  std::vector<Problem> validation_;
  std::vector<Problem> test_;
  std::optional<heed::BatchSampler> sampler_;  // there as soon as the data are
};

}  // namespace remember
