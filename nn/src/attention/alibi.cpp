// ALiBi: slopes and biases; hard ALiBi: its mask.
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

void check_sizes(int64_t targets, int64_t sources, int64_t first, const char* op) {
  constexpr int64_t kMost = int64_t{1} << 53;  // as far as float64 counts
  check(targets >= 0 && sources >= 0, op, "sizes must be 0 or more, got ", targets, " and ", sources);
  check(-kMost <= first && first <= kMost, op, "first must be from -2^53 to 2^53, got ", first);
}

}  // namespace

Tensor alibi_slopes(int64_t heads, DType dtype) { return to(from_vector(slopes_of(heads), {heads}), dtype); }

Tensor alibi_bias(int64_t heads, int64_t targets, int64_t sources, int64_t first, DType dtype) {
  check_sizes(targets, sources, first, "alibi_bias");
  Tensor bias = empty({heads, targets, sources}, DType::float64);
  auto* values = bias.mutable_data<double>();
  for (const double slope : slopes_of(heads)) {
    for (int64_t target = 0; target < targets; ++target) {
      for (int64_t source = 0; source < sources; ++source) {
        *values++ = -slope * static_cast<double>(std::abs(first + target - source));
      }
    }
  }
  return to(bias, dtype);
}

Tensor hard_alibi_mask(int64_t heads, int64_t targets, int64_t sources, int64_t first) {
  check_sizes(targets, sources, first, "hard_alibi_mask");
  check(heads >= 1, "hard_alibi_mask", "heads must be 1 or more, got ", heads);
  Tensor mask = zeros({heads, targets, sources}, DType::boolean);
  bool* hidden = mask.mutable_data<bool>();
  for (int64_t head = 0; head < (heads + 1) / 2; ++head) {
    for (int64_t target = 0; target < targets; ++target) {
      for (int64_t source = 0; source < sources; ++source) {
        const int64_t distance = first + target - source;
        *hidden++ = distance < 0 || distance > head + 1;
      }
    }
  }
  return mask;
}

AttentionResult ALiBi::attend(const Variable& query, const Variable& key, const Variable& value, const Mask& mask,
                              int64_t first, const ScaledDotProductOptions& options) const {
  const Tensor bias = alibi_bias(query.size(1), query.size(2), key.size(2), first, query.dtype());
  return scaled_dot_product_attention(query, key, value, mask | Mask::added(bias), options);
}

AttentionResult HardALiBi::attend(const Variable& query, const Variable& key, const Variable& value, const Mask& mask,
                                  int64_t first, const ScaledDotProductOptions& options) const {
  const Tensor hidden = hard_alibi_mask(query.size(1), query.size(2), key.size(2), first);
  return scaled_dot_product_attention(query, key, value, mask | hidden, options);
}

}  // namespace heed
