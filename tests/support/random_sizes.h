// Random shapes for the tables of ops and layers: ranks, sizes of 0 and 1, shapes that broadcast.
#pragma once

#include <cstdint>
#include <random>
#include <string_view>

#include <heed/tensor/shape.h>

namespace heed::test {

/// Sizes of one random case. Case numbers 3, 7, 11, … may have sizes of 0; others are 1 … 5, one in four of them 1.
class RandomSizes {
 public:
  RandomSizes(std::string_view name, int64_t number) : zeros_(number % 4 == 3) {
    std::seed_seq seeds(name.begin(), name.end());
    engine_.seed(seeds);
    engine_.discard(static_cast<uint64_t>(1000 * number));
  }

  /// 0 … count - 1.
  int64_t below(int64_t count) { return static_cast<int64_t>(engine_() % static_cast<uint32_t>(count)); }
  bool chance(int64_t one_in) { return below(one_in) == 0; }
  /// 1 … most.
  int64_t positive(int64_t most = 5) { return chance(4) ? 1 : 1 + below(most); }
  /// positive(), or 0 in a case with zeros.
  int64_t any(int64_t most = 5) { return zeros_ && chance(2) ? 0 : positive(most); }

  /// `rank` sizes; one of them at least is 0 in a case with zeros.
  Shape shape(int64_t rank, int64_t most = 5) {
    Shape result;
    for (int64_t axis = 0; axis < rank; ++axis) {
      result.push_back(positive(most));
    }
    if (zeros_ && rank > 0) {
      result[below(rank)] = 0;
    }
    return result;
  }
  /// Of a rank in low … high.
  Shape shape_of(int64_t low, int64_t high, int64_t most = 5) { return shape(low + below(high - low + 1), most); }
  /// A shape that broadcasts to `whole`: some leading axes gone, some sizes 1.
  Shape broadcast_to(const Shape& whole) {
    Shape result;
    for (int64_t axis = below(whole.rank() + 1); axis < whole.rank(); ++axis) {
      result.push_back(chance(3) ? 1 : whole[axis]);
    }
    return result;
  }
  /// As broadcast_to, of the same rank.
  Shape with_ones(const Shape& whole) {
    Shape result = whole;
    for (int64_t axis = 0; axis < whole.rank(); ++axis) {
      result[axis] = chance(3) ? 1 : whole[axis];
    }
    return result;
  }

 private:
  std::mt19937 engine_;
  bool zeros_;
};

}  // namespace heed::test
