// Dataset: numbered examples, from memory or made by a function.
#pragma once

#include <cstdint>
#include <functional>
#include <limits>
#include <memory>
#include <type_traits>
#include <utility>
#include <vector>

#include <heed/tensor/error.h>
#include <heed/tensor/random.h>

namespace heed {

/// The size of a dataset that never ends: one epoch, without order.
inline constexpr int64_t kEndless = std::numeric_limits<int64_t>::max();

/// A handle: copies share the examples.
template <class Example>
class Dataset {
 public:
  /// Examples in memory. Implicit, so that a vector can stand where a dataset is wanted.
  Dataset(std::vector<Example> examples)  // NOLINT(google-explicit-constructor)
      : size_(static_cast<int64_t>(examples.size())),
        get_([all = std::make_shared<const std::vector<Example>>(std::move(examples))](int64_t index) {
          return (*all)[static_cast<size_t>(index)];
        }) {}
  /// `size` examples, or kEndless, made by a function of their index: from a file, say. With prefetching it runs on
  /// another thread. What depends on nothing but the index is the same after a resume.
  Dataset(int64_t size, std::function<Example(int64_t index)> get) : size_(size), get_(std::move(get)) {
    check(size_ >= 0, "Dataset", "the size must not be negative, got ", size_);
  }

  int64_t size() const { return size_; }
  /// Throws IndexError unless `index` is in 0 … size() - 1, and what the function throws.
  Example operator[](int64_t index) const {
    check<IndexError>(index >= 0 && index < size_, "Dataset", "index must be in 0 … ", size_ - 1, ", got ", index);
    return get_(index);
  }

 private:
  int64_t size_ = 0;
  std::function<Example(int64_t)> get_;
};

/// Examples drawn by make(generator), each with a generator of its own (the same seed, a stream for the index): the
/// same whenever they are asked for. `make` draws from no other generator.
template <class Make>
auto generated(uint64_t seed, Make make, int64_t size = kEndless) {
  constexpr uint64_t kStream = uint64_t{1} << 57;
  using Example = std::invoke_result_t<Make&, Generator&>;
  return Dataset<Example>(size, [seed, make = std::move(make)](int64_t index) mutable {
    Generator generator(seed, kStream + static_cast<uint64_t>(index));
    return make(generator);
  });
}

}  // namespace heed
