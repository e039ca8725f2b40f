// Numbers that every worker draws alike: batches and starting weights, so that the losses of two libraries must agree.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace heed::bench {

/// Steele, Lea, Flood 2014, "Fast splittable pseudorandom number generators" (splitmix64).
class Random {
 public:
  explicit Random(uint64_t seed) : state_(seed) {}
  uint64_t next();
  /// In [low, high).
  float uniform(float low, float high);
  /// In 0 … bound - 1.
  int64_t below(int64_t bound);

 private:
  uint64_t state_;
};

std::vector<float> random_values(uint64_t seed, int64_t count, float low = -1, float high = 1);

/// Starting values of a parameter, a function of its name and size: within ±1/√hidden, but for the `weight` of a
/// normalisation, which is 1.
std::vector<float> starting_values(const std::string& name, int64_t count, int64_t hidden);

/// Symbols of the workloads: 0 fills up, 1 begins, 2 ends, the others are data.
constexpr int64_t kBegin = 1;
constexpr int64_t kFirstSymbol = 3;

struct TokenBatch {
  std::vector<int64_t> source;     ///< (B, T), random
  std::vector<int64_t> target_in;  ///< (B, T): kBegin, then the target without its last symbol
  std::vector<int64_t> target;     ///< (B, T), the source reversed
};
TokenBatch reversal_batch(Random& random, int64_t batch, int64_t steps, int64_t vocabulary);

}  // namespace heed::bench
