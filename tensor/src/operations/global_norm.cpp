// The norm of several tensors together: squares in blocks, in one parallel loop over all of them.
#include <algorithm>
#include <cmath>
#include <numeric>
#include <span>
#include <type_traits>
#include <vector>

#include <heed/tensor/create.h>
#include <heed/tensor/detail/optimizer_update.h>
#include <heed/tensor/error.h>
#include <heed/tensor/parallel.h>

#include "core/dispatch.h"
#include "core/require.h"
#include "kernels/reduce.h"

namespace heed {
namespace {

constexpr int64_t kNormGrain = 32768;
constexpr int64_t kNormBlock = 65536;  // part of the result's definition: it fixes the order of summation

/// A part of a tensor whose norm is wanted, and what was computed of it.
struct NormBlock {
  const Tensor* tensor;
  int64_t start, count;
  double value;
};

template <class Pointer>
using Element = std::remove_const_t<std::remove_pointer_t<Pointer>>;

/// term(elements, count) of each block, on several threads.
template <class Term>
void compute(std::vector<NormBlock>& blocks, const Term& term) {
  int64_t elements = 0;
  for (const NormBlock& block : blocks) {
    elements += block.count;
  }
  const auto count = static_cast<int64_t>(blocks.size());
  parallel_for(0, count, kNormGrain * count / std::max<int64_t>(elements, 1) + 1, [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; ++i) {
      NormBlock& block = blocks[static_cast<size_t>(i)];
      block.value = detail::dispatch_floating(block.tensor->dtype(), "global_norm", [&]<class T>() {
        return term(block.tensor->data<T>() + block.start, block.count);
      });
    }
  });
}

double sum_in_order(const std::vector<NormBlock>& blocks) {
  return std::accumulate(blocks.begin(), blocks.end(), 0.0,
                         [](double sum, const NormBlock& block) { return sum + block.value; });
}

/// The norm where squares leave the range of the dtype, at either end: of the elements over a power of two near the
/// largest of them, in float64. Infinite or NaN where an element is.
double scaled_norm(std::vector<NormBlock>& blocks) {
  compute(blocks, [](const auto* x, int64_t n) {
    const auto& kernel = kernels::reduce().get<Element<decltype(x)>>();
    return static_cast<double>(std::max(kernel.max(x, 1, n), -kernel.min(x, 1, n)));
  });
  double largest = 0;
  for (const NormBlock& block : blocks) {
    largest = block.value > largest || std::isnan(block.value) ? block.value : largest;
  }
  if (largest == 0 || !std::isfinite(largest)) {
    return largest;
  }
  // As far as 2^1000 it is a float64 whatever the largest is.
  const int exponent = std::clamp(std::ilogb(largest), -1000, 1000);
  const double scale = std::ldexp(1.0, -exponent);
  compute(blocks, [scale](const auto* x, int64_t n) {
    double squares = 0;
    for (int64_t i = 0; i < n; ++i) {
      const double value = static_cast<double>(x[i]) * scale;
      squares += value * value;
    }
    return squares;
  });
  return std::ldexp(std::sqrt(sum_in_order(blocks)), exponent);
}

}  // namespace

double global_norm(std::span<const Tensor> tensors) {
  std::vector<Tensor> rows;
  std::vector<NormBlock> blocks;
  double smallest_safe = 0;  // below it squares may be subnormal or 0
  rows.reserve(tensors.size());
  for (const Tensor& tensor : tensors) {
    detail::require_defined(tensor, "global_norm");
    check<DTypeError>(is_floating(tensor.dtype()), "global_norm", "needs float32 or float64, got ", tensor.dtype());
    rows.push_back(contiguous(tensor));
    smallest_safe += static_cast<double>(tensor.numel()) * (tensor.dtype() == DType::float32 ? 0x1p-126 : 0x1p-1022);
    for (int64_t start = 0; start < tensor.numel(); start += kNormBlock) {
      blocks.push_back({&rows.back(), start, std::min(kNormBlock, tensor.numel() - start), 0});
    }
  }
  compute(blocks, [](const auto* x, int64_t n) {
    return static_cast<double>(kernels::reduce().get<Element<decltype(x)>>().sum_of_squares(x, 1, n));
  });
  const double sum = sum_in_order(blocks);
  return std::isfinite(sum) && sum >= smallest_safe ? std::sqrt(sum) : scaled_norm(blocks);
}

}  // namespace heed
