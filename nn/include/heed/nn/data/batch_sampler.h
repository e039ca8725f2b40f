// BatchSampler: which examples each batch has. A batch depends on the options and its number only, so that nothing but
// that number is needed to go on where training stopped.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <heed/nn/core/module.h>

namespace heed {

struct DataLoaderOptions {
  int64_t batch_size = 1;
  bool shuffle = false;    ///< anew in every epoch
  bool drop_last = false;  ///< the last batch of an epoch, if it is smaller
  uint64_t seed = 0;       ///< of the order
  /// So many batches are sorted by length together, so that there is little padding, and then shuffled if `shuffle`
  /// (50, say). 0: lengths do not matter.
  int64_t bucket = 0;
  int64_t prefetch = 0;  ///< so many batches are made ahead, on one thread; the batches are the same
};

class BatchSampler {
 public:
  /// Of `size` examples, or kEndless. `lengths`: by what buckets sort, a number per example. Throws ValueError for no
  /// examples, and for options that make no sense or do not go together.
  BatchSampler(int64_t size, const DataLoaderOptions& options, std::vector<int64_t> lengths = {});

  /// Batches per epoch; kEndless for endless data.
  int64_t batches() const { return batches_; }
  /// The indices of batch `step`, counted from 0 over all epochs: batch step % batches() of epoch step / batches().
  /// The order of the last epoch asked for is kept, so one thread at a time.
  std::vector<int64_t> batch(int64_t step);

  /// `step` and the options that decide about batches, as int64 scalars with names that begin with `prefix`, for
  /// TrainingProgress::data.
  StateDict state_dict(int64_t step, const std::string& prefix) const;
  /// The step of a state. Throws ValueError, naming each, where options were others or entries are missing.
  int64_t saved_step(const StateDict& state, const std::string& prefix) const;

 private:
  void order_epoch(int64_t epoch);

  int64_t size_;
  DataLoaderOptions options_;
  std::vector<int64_t> lengths_;
  int64_t batches_ = 0;
  int64_t ordered_epoch_ = -1;
  std::vector<int64_t> order_;  // the examples of that epoch, batch after batch
};

}  // namespace heed
