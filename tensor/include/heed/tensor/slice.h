// Slices of several axes at once, as Python writes x[0, 1:3]: slice(x, {0, {1, 3}}).
#pragma once

#include <concepts>
#include <cstdint>
#include <limits>
#include <optional>
#include <vector>

#include <heed/tensor/tensor.h>

namespace heed {

/// A stop behind every end: `{1, kEnd}` is Python's 1:, as `{1, {}}` is.
inline constexpr int64_t kEnd = std::numeric_limits<int64_t>::max();

/// What to take of one axis.
class Slice {
 public:
  /// All of it: Python's ":".
  constexpr Slice() = default;
  /// One element, negative from the end; the axis disappears.
  template <std::integral T>
  requires(!std::same_as<T, bool>) constexpr Slice(T index)
      : start_(static_cast<int64_t>(index)), is_index_(true) {}  // NOLINT
  /// The elements start, start + step, … below stop: Python's start:stop:step. Negative bounds count from the end, and
  /// both are clamped to the size; {} is a bound that is left out.
  constexpr Slice(std::optional<int64_t> start, std::optional<int64_t> stop, int64_t step = 1)
      : start_(start.value_or(0)), stop_(stop.value_or(kEnd)), step_(step) {}

  bool is_index() const { return is_index_; }
  bool is_whole() const { return !is_index_ && start_ == 0 && stop_ == kEnd && step_ == 1; }
  int64_t start() const { return start_; }
  int64_t stop() const { return stop_; }
  int64_t step() const { return step_; }

 private:
  int64_t start_ = 0;
  int64_t stop_ = kEnd;
  int64_t step_ = 1;
  bool is_index_ = false;
};

/// A view: part i of axis i, and the whole of further axes. `slice(x, {{}, 0})` is Python's x[:, 0]; to write into it,
/// `fill_(slice(x, {0, {1, 3}}), 1)`. Throws IndexError for an index out of range or more parts than axes, ValueError
/// unless steps are at least 1.
Tensor slice(const Tensor& x, const std::vector<Slice>& parts);

}  // namespace heed
