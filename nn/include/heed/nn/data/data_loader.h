// DataLoader: the batches of a dataset, shuffled, of similar lengths, made ahead; and where training stands among them.
//
//   DataLoader loader(pairs, {.batch_size = 32, .shuffle = true, .bucket = 50, .prefetch = 2},
//                     [](const std::vector<SequencePair>& pairs) { return pad_pairs(pairs); }, lengths_of(pairs));
//   while (loader.epoch() < 10) {
//     for (const PaddedPairs& batch : loader) { … }   // the rest of the epoch
//   }
//   save_checkpoint(path, capture(model, &optimizer, {}, {.step = step, .data = loader.state_dict()}));
//   loader.load_state_dict(load_checkpoint(path).progress.data);
#pragma once

#include <cstdint>
#include <functional>
#include <iterator>
#include <memory>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include <heed/nn/data/batch_sampler.h>
#include <heed/nn/data/dataset.h>
#include <heed/nn/data/detail/prefetcher.h>

namespace heed {

/// Without `collate`, a batch is the vector of its examples.
template <class Example, class Batch = std::vector<Example>>
class DataLoader {
 public:
  using Collate = std::function<Batch(const std::vector<Example>& examples)>;

  /// `collate` makes a batch of its examples. With prefetching, it and the dataset are used on another thread, and must
  /// draw from no generator that training draws from. `lengths`: see BatchSampler. Throws as BatchSampler.
  DataLoader(Dataset<Example> dataset, const DataLoaderOptions& options, Collate collate,
             std::vector<int64_t> lengths = {})
      : dataset_(std::move(dataset)),
        collate_(std::move(collate)),
        sampler_(dataset_.size(), options, std::move(lengths)),
        prefetcher_([this](int64_t step) { return make(step); }, options.prefetch) {}
  explicit DataLoader(Dataset<Example> dataset, const DataLoaderOptions& options = {})
      : DataLoader(std::move(dataset), options, [](const std::vector<Example>& examples) { return examples; }) {}
  DataLoader(const DataLoader&) = delete;
  DataLoader& operator=(const DataLoader&) = delete;

  /// The next batch; behind the last of an epoch comes the first of the next. Throws what the dataset and `collate`
  /// throw, also where they run ahead; the same batch is next then.
  Batch next() {
    const std::shared_ptr<void> batch = prefetcher_.take(step_);
    ++step_;
    return std::move(*static_cast<Batch*>(batch.get()));
  }

  /// Batches that were given out, over all epochs.
  int64_t step() const { return step_; }
  /// Passes through the data that are done.
  int64_t epoch() const { return step_ / batches(); }
  /// Batches of this pass that were given out.
  int64_t position() const { return step_ % batches(); }
  /// Batches per epoch; kEndless for endless data.
  int64_t batches() const { return sampler_.batches(); }

  /// Where it stands, and what the batches depend on: for TrainingProgress::data. The batch that was given out last
  /// counts as used.
  StateDict state_dict(const std::string& prefix = "loader.") const { return sampler_.state_dict(step_, prefix); }
  /// Goes on where the saved loader stood; entries without the prefix do not matter. Throws ValueError where options or
  /// the number of examples are others, and changes nothing then.
  void load_state_dict(const StateDict& state, const std::string& prefix = "loader.") {
    step_ = sampler_.saved_step(state, prefix);
  }

  /// What a range-based `for` goes through: the rest of the epoch. Leaving the loop and beginning another goes on with
  /// the next batch (in PyTorch, an epoch begins anew).
  class Iterator {
   public:
    using value_type = Batch;
    using difference_type = std::ptrdiff_t;

    explicit Iterator(DataLoader& loader) : loader_(&loader), epoch_(loader.epoch()), batch_(loader.next()) {}
    Batch& operator*() { return *batch_; }
    Iterator& operator++() {
      batch_.reset();
      if (loader_->epoch() == epoch_) {
        batch_ = loader_->next();
      }
      return *this;
    }
    void operator++(int) { ++*this; }
    bool operator==(std::default_sentinel_t) const { return !batch_.has_value(); }

   private:
    DataLoader* loader_;
    int64_t epoch_;
    std::optional<Batch> batch_;
  };
  Iterator begin() { return Iterator(*this); }
  std::default_sentinel_t end() const { return {}; }

 private:
  std::shared_ptr<void> make(int64_t step) {
    std::vector<Example> examples;
    for (const int64_t index : sampler_.batch(step)) {
      examples.push_back(dataset_[index]);
    }
    return std::make_shared<Batch>(collate_(examples));
  }

  Dataset<Example> dataset_;
  Collate collate_;
  BatchSampler sampler_;
  int64_t step_ = 0;
  detail::Prefetcher prefetcher_;  // last: its thread uses the others
};

template <class Example, class Collate>
DataLoader(Dataset<Example>, DataLoaderOptions, Collate, std::vector<int64_t> = {})
    -> DataLoader<Example, std::invoke_result_t<Collate&, const std::vector<Example>&>>;
template <class Example, class Collate>
DataLoader(std::vector<Example>, DataLoaderOptions, Collate, std::vector<int64_t> = {})
    -> DataLoader<Example, std::invoke_result_t<Collate&, const std::vector<Example>&>>;
template <class Example>
DataLoader(Dataset<Example>, DataLoaderOptions = {}) -> DataLoader<Example>;
template <class Example>
DataLoader(std::vector<Example>, DataLoaderOptions = {}) -> DataLoader<Example>;

}  // namespace heed
