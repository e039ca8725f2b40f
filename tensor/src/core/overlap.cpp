// Whether elements share memory is whether a linear equation has a solution: strides times indices, each index within
// bounds. Searched from the largest stride down, pruned by what the smaller ones can reach and by their divisor.
#include <heed/tensor/overlap.h>

#include <algorithm>
#include <array>
#include <bit>
#include <iterator>
#include <numeric>
#include <vector>

#include <heed/tensor/error.h>

namespace heed {
namespace {

/// Equations of views of one array need a step or two per unknown; others may be as hard as equations get.
constexpr int64_t kMostSteps = 10000;

/// Σ stride · x = target with low ≤ x ≤ high for each unknown x.
class Equation {
 public:
  /// Unknowns of one stride become one, their sum.
  void add(int64_t stride, int64_t low, int64_t high) {
    const Unknown added = stride > 0 ? Unknown{stride, low, high} : Unknown{-stride, -high, -low};
    int64_t place = 0;
    while (place < count_ && at(place).stride > added.stride) {
      ++place;
    }
    if (place < count_ && at(place).stride == added.stride) {
      at(place).low += added.low;
      at(place).high += added.high;
      return;
    }
    for (int64_t i = count_++; i > place; --i) {
      at(i) = at(i - 1);
    }
    at(place) = added;
  }
  int64_t unknowns() const { return count_; }

  /// `zero_counts`: all unknowns zero is a solution too. True as well when the search takes too many steps.
  bool solvable(int64_t target, bool zero_counts) {
    for (int64_t i = count_ - 1; i >= 0; --i) {
      Unknown& here = at(i);
      const Unknown& below = at(i + 1);
      here.least = below.least + here.stride * here.low;
      here.most = below.most + here.stride * here.high;
      here.divisor = std::gcd(below.divisor, here.stride);
    }
    steps_left_ = kMostSteps;
    return search(0, target, zero_counts);
  }

 private:
  struct Unknown {
    int64_t stride = 0, low = 0, high = 0;
    int64_t least = 0, most = 0, divisor = 0;  // of what this one and those of smaller strides reach
  };
  Unknown& at(int64_t i) { return unknowns_[static_cast<size_t>(i)]; }

  /// As deep as there are unknowns.
  bool search(int64_t i, int64_t target, bool counts) {
    if (--steps_left_ < 0) {
      return true;
    }
    const Unknown& here = at(i);
    if (target < here.least || target > here.most || (i < count_ && target % here.divisor != 0)) {
      return false;
    }
    if (i == count_) {
      return counts;
    }
    const Unknown& below = at(i + 1);
    const int64_t first = std::max(here.low, ceil_divide(target - below.most, here.stride));
    const int64_t last = std::min(here.high, floor_divide(target - below.least, here.stride));
    for (int64_t x = first; x <= last; ++x) {
      if (search(i + 1, target - here.stride * x, counts || x != 0)) {
        return true;
      }
    }
    return false;
  }
  static int64_t floor_divide(int64_t a, int64_t b) { return a / b - (a % b < 0 ? 1 : 0); }
  static int64_t ceil_divide(int64_t a, int64_t b) { return -floor_divide(-a, b); }

  // Those of two tensors, one for elements of different sizes, and the end, which reaches nothing.
  std::array<Unknown, 2 * kMaxRank + 2> unknowns_{};
  int64_t count_ = 0;
  int64_t steps_left_ = 0;
};

/// The addresses of the first byte that x uses and of that behind the last.
struct Range {
  int64_t begin, end;
};
int64_t address_of(const Tensor& x) { return std::bit_cast<int64_t>(x.storage().data()); }

Range range_of(const Tensor& x) {
  int64_t low = 0, high = 0;
  for (int64_t i = 0; i < x.rank(); ++i) {
    const int64_t reach = (x.shape()[i] - 1) * x.strides()[i];
    (reach < 0 ? low : high) += reach;
  }
  const int64_t size = size_of(x.dtype()), first = address_of(x) + x.offset() * size;
  return {first + low * size, first + (high + 1) * size};
}

bool has_elements(const Tensor& x) { return x.defined() && x.numel() > 0; }

}  // namespace

detail::Storages::Storages(std::span<const Tensor* const> tensors) {
  ranges_.reserve(tensors.size());
  for (const Tensor* tensor : tensors) {
    if (tensor->defined()) {
      ranges_.push_back({address_of(*tensor), address_of(*tensor) + tensor->storage().bytes()});
    }
  }
  std::sort(ranges_.begin(), ranges_.end(), [](const Range& a, const Range& b) { return a.begin < b.begin; });
  for (size_t i = 1; i < ranges_.size(); ++i) {
    ranges_[i].end = std::max(ranges_[i].end, ranges_[i - 1].end);
  }
}

bool detail::Storages::hold(const Tensor& x) const {
  if (!x.defined()) {
    return false;
  }
  const int64_t begin = address_of(x), end = begin + x.storage().bytes();
  const auto behind =
      std::partition_point(ranges_.begin(), ranges_.end(), [end](const Range& r) { return r.begin < end; });
  return behind != ranges_.begin() && std::prev(behind)->end > begin;
}

bool same_view(const Tensor& a, const Tensor& b) {
  return a.storage().same_as(b.storage()) && a.offset() == b.offset() && a.shape() == b.shape() &&
         a.strides() == b.strides() && a.dtype() == b.dtype();
}

bool overlaps_itself(const Tensor& x) {
  if (!has_elements(x) || x.is_contiguous()) {
    return false;
  }
  // Two indices name one element where the difference of the indices, which is not zero, makes no difference in memory.
  Equation equation;
  int64_t axes = 0;
  for (int64_t i = 0; i < x.rank(); ++i) {
    if (x.shape()[i] > 1) {
      if (x.strides()[i] == 0) {
        return true;
      }
      equation.add(x.strides()[i], 1 - x.shape()[i], x.shape()[i] - 1);
      ++axes;
    }
  }
  // Of two axes with one stride, a step along one is a step along the other.
  return equation.unknowns() < axes || equation.solvable(0, /*zero_counts=*/false);
}

const char* detail::why_not_writable(const Tensor& x) {
  return x.storage().read_only() ? kReadOnlyMemory : overlaps_itself(x) ? kBroadcastView : nullptr;
}

void require_writable(const Tensor& x, std::string_view op) {
  check(!x.storage().read_only(), op, "cannot write to ", detail::kReadOnlyMemory, "; clone() gives a copy that can");
  check(!overlaps_itself(x), op, "cannot write to ", detail::kBroadcastView, ", got strides ", x.strides(), " for ",
        x.shape());
}

bool shares_memory(const Tensor& a, const Tensor& b) {
  // Different storages share memory where it is borrowed: twice, or a part of the other.
  if (!has_elements(a) || !has_elements(b) ||
      (!a.storage().same_as(b.storage()) && !a.storage().borrowed() && !b.storage().borrowed())) {
    return false;
  }
  const Range one = range_of(a), other = range_of(b);
  if (one.end <= other.begin || other.end <= one.begin) {
    return false;
  }
  if (a.is_contiguous() && b.is_contiguous()) {
    return true;
  }
  const int64_t size_a = size_of(a.dtype()), size_b = size_of(b.dtype());
  Equation equation;
  const auto add_axes = [&equation](const Tensor& x, int64_t sign) {
    for (int64_t i = 0; i < x.rank(); ++i) {
      const int64_t step = x.strides()[i] * size_of(x.dtype());
      if (step != 0 && x.shape()[i] > 1) {
        equation.add(sign * step, 0, x.shape()[i] - 1);
      }
    }
  };
  add_axes(a, 1);
  add_axes(b, -1);
  if (size_a != size_b) {
    equation.add(1, 1 - size_b, size_a - 1);
  }
  const int64_t distance = address_of(b) + b.offset() * size_b - address_of(a) - a.offset() * size_a;
  return equation.solvable(distance, /*zero_counts=*/true);
}

std::optional<std::pair<size_t, size_t>> find_shared(std::span<const Tensor* const> tensors) {
  struct Place {
    int64_t begin, end;
    size_t index;
  };
  std::vector<Place> places;
  places.reserve(tensors.size());
  for (size_t i = 0; i < tensors.size(); ++i) {
    if (tensors[i] != nullptr && has_elements(*tensors[i])) {
      const Range range = range_of(*tensors[i]);
      places.push_back({range.begin, range.end, i});
    }
  }
  std::sort(places.begin(), places.end(), [](const Place& a, const Place& b) { return a.begin < b.begin; });
  for (size_t i = 0; i < places.size(); ++i) {
    for (size_t k = i + 1; k < places.size() && places[k].begin < places[i].end; ++k) {
      if (shares_memory(*tensors[places[i].index], *tensors[places[k].index])) {
        return std::minmax(places[i].index, places[k].index);
      }
    }
  }
  return std::nullopt;
}

}  // namespace heed
