// ALiBi's slopes and biases.
#include <heed/nn/attention/alibi.h>

#include <bit>
#include <cmath>
#include <vector>

#include <heed/tensor/create.h>
#include <heed/tensor/error.h>

namespace heed {
namespace {

/// The slope of head `head`, from 0, among `heads`, a power of two.
double slope_of(int64_t head, int64_t heads) {
  return std::exp2(-8.0 * static_cast<double>(head + 1) / static_cast<double>(heads));
}

std::vector<double> slopes_of(int64_t heads) {
  check(heads >= 1, "alibi_slopes", "heads must be 1 or more, got ", heads);
  const auto below = static_cast<int64_t>(std::bit_floor(static_cast<uint64_t>(heads)));
  std::vector<double> slopes;
  for (int64_t head = 0; head < heads; ++head) {
    slopes.push_back(head < below ? slope_of(head, below) : slope_of(2 * (head - below), 2 * below));
  }
  return slopes;
}

}  // namespace

Tensor alibi_slopes(int64_t heads, DType dtype) { return to(from_vector(slopes_of(heads), {heads}), dtype); }

Tensor alibi_bias(int64_t heads, int64_t targets, int64_t sources, int64_t offset, DType dtype) {
  check(targets >= 0 && sources >= 0, "alibi_bias", "sizes must be 0 or more, got ", targets, " and ", sources);
  Tensor bias = empty({heads, targets, sources}, DType::float64);
  auto* values = bias.mutable_data<double>();
  for (const double slope : slopes_of(heads)) {
    for (int64_t target = 0; target < targets; ++target) {
      for (int64_t source = 0; source < sources; ++source) {
        *values++ = -slope * static_cast<double>(std::abs(offset + target - source));
      }
    }
  }
  return to(bias, dtype);
}

}  // namespace heed
