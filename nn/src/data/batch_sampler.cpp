// Orders of examples: see batch_sampler.h.
#include <heed/nn/data/batch_sampler.h>

#include <algorithm>
#include <bit>
#include <numeric>
#include <utility>

#include <heed/nn/data/dataset.h>
#include <heed/tensor/create.h>
#include <heed/tensor/error.h>
#include <heed/tensor/text_stream.h>

namespace heed {
namespace {

constexpr const char* kName = "DataLoader";
constexpr uint64_t kOrderStream = uint64_t{1} << 60;

void shuffle(std::vector<int64_t>& values, Generator& generator) {
  for (size_t i = values.size(); i > 1; --i) {
    std::swap(values[i - 1], values[static_cast<size_t>(generator.below(static_cast<int64_t>(i)))]);
  }
}

void check_options(int64_t size, const DataLoaderOptions& options, size_t lengths) {
  check(size > 0, kName, "needs at least one example, the dataset is empty");
  check(options.batch_size >= 1, kName, "batch_size must be at least 1, got ", options.batch_size);
  check(options.bucket >= 0, kName, "bucket must be at least 0, got ", options.bucket);
  check(options.prefetch >= 0, kName, "prefetch must be at least 0, got ", options.prefetch);
  check(!options.drop_last || size >= options.batch_size, kName, "drop_last leaves no batch of ", options.batch_size,
        " examples, the dataset has ", size);
  if (size == kEndless) {
    check(!options.shuffle && options.bucket == 0, kName, "endless data have no order to shuffle or sort");
  } else if (options.bucket > 0) {
    check(lengths == static_cast<size_t>(size), kName, "bucket needs one length per example, ", size, ", got ",
          lengths);
  }
}

/// The part of the options that decides about batches, by name.
StateDict options_state(int64_t size, const DataLoaderOptions& options, const std::string& prefix) {
  StateDict state;
  for (const auto& [name, value] :
       std::initializer_list<std::pair<const char*, int64_t>>{{"size", size},
                                                              {"batch_size", options.batch_size},
                                                              {"shuffle", options.shuffle},
                                                              {"drop_last", options.drop_last},
                                                              {"seed", std::bit_cast<int64_t>(options.seed)},
                                                              {"bucket", options.bucket}}) {
    state.emplace_back(prefix + name, from_vector<int64_t>({value}, {}));
  }
  return state;
}

/// Null unless `state` has a whole number of that name.
const Tensor* find_number(const StateDict& state, const std::string& name) {
  const auto found =
      std::find_if(state.begin(), state.end(), [&name](const auto& entry) { return entry.first == name; });
  const bool fits = found != state.end() && found->second.defined() && found->second.dtype() == DType::int64 &&
                    found->second.rank() == 0;
  return fits ? &found->second : nullptr;
}

}  // namespace

BatchSampler::BatchSampler(int64_t size, const DataLoaderOptions& options, std::vector<int64_t> lengths)
    : size_(size), options_(options), lengths_(std::move(lengths)) {
  check_options(size, options, lengths_.size());
  const int64_t whole = size / options.batch_size;
  batches_ = size == kEndless ? kEndless : whole + (options.drop_last || size % options.batch_size == 0 ? 0 : 1);
}

/// Shuffles, sorts by length within the batches of each bucket, and shuffles the batches.
void BatchSampler::order_epoch(int64_t epoch) {
  ordered_epoch_ = -1;  // until it is done: a child of fork() orders anew what another thread was about to
  Generator generator(options_.seed, kOrderStream + static_cast<uint64_t>(epoch));
  std::vector<int64_t> order(static_cast<size_t>(size_));
  std::iota(order.begin(), order.end(), int64_t{0});
  if (options_.shuffle) {
    shuffle(order, generator);
  }
  order_ = order;
  if (options_.bucket > 0) {
    const auto shorter = [this](int64_t a, int64_t b) {
      return lengths_[static_cast<size_t>(a)] < lengths_[static_cast<size_t>(b)];
    };
    const int64_t together =
        options_.bucket > size_ / options_.batch_size ? size_ : options_.bucket * options_.batch_size;
    // What is dropped is chosen before the sort: it would be the longest examples in each epoch.
    const int64_t sorted = options_.drop_last ? size_ - size_ % options_.batch_size : size_;
    for (int64_t begin = 0; begin < sorted; begin += together) {
      std::stable_sort(order_.begin() + begin, order_.begin() + std::min(begin + together, sorted), shorter);
    }
  }
  if (options_.bucket > 0 && options_.shuffle) {
    order = order_;
    std::vector<int64_t> batches(static_cast<size_t>(size_ / options_.batch_size));  // the last, smaller one stays last
    std::iota(batches.begin(), batches.end(), int64_t{0});
    shuffle(batches, generator);
    auto place = order_.begin();
    for (const int64_t batch : batches) {
      place = std::copy_n(order.begin() + batch * options_.batch_size, options_.batch_size, place);
    }
  }
  ordered_epoch_ = epoch;
}

std::vector<int64_t> BatchSampler::batch(int64_t step) {
  check(step >= 0, kName, "steps are counted from 0, got ", step);
  const int64_t begin = step % batches_ * options_.batch_size;
  std::vector<int64_t> indices;
  if (size_ == kEndless) {
    indices.resize(static_cast<size_t>(options_.batch_size));
    std::iota(indices.begin(), indices.end(), begin);
    return indices;
  }
  if (step / batches_ != ordered_epoch_) {
    order_epoch(step / batches_);
  }
  const int64_t end = std::min(begin + options_.batch_size, size_);
  return {order_.begin() + begin, order_.begin() + end};
}

StateDict BatchSampler::state_dict(int64_t step, const std::string& prefix) const {
  StateDict state = options_state(size_, options_, prefix);
  state.emplace_back(prefix + "step", from_vector<int64_t>({step}, {}));
  return state;
}

int64_t BatchSampler::saved_step(const StateDict& state, const std::string& prefix) const {
  TextStream problems;
  bool fits = true;
  for (const auto& [name, own] : options_state(size_, options_, prefix)) {
    const Tensor* const saved = find_number(state, name);
    if (saved == nullptr) {
      problems << "\n  missing: " << name << ", an int64";
      fits = false;
    } else if (saved->item<int64_t>() != own.item<int64_t>()) {
      problems << "\n  other: " << name << " was " << saved->item<int64_t>() << ", now it is " << own.item<int64_t>();
      fits = false;
    }
  }
  constexpr int64_t kMostSteps = int64_t{1} << 53;
  const Tensor* const step = find_number(state, prefix + "step");
  if (step == nullptr) {
    problems << "\n  missing: " << prefix << "step, an int64";
    fits = false;
  } else if (step->item<int64_t>() < 0 || step->item<int64_t>() > kMostSteps) {
    problems << "\n  other: " << prefix << "step must be from 0 to 2^53, got " << step->item<int64_t>();
    fits = false;
  }
  check(fits, kName, "the state is not of a loader with these options and data:", problems.str());
  return step->item<int64_t>();
}

}  // namespace heed
