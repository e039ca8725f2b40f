// Copies of a tensor side by side.
#include <heed/tensor/repeat.h>

#include <algorithm>

#include <heed/tensor/create.h>
#include <heed/tensor/detail/operation_scope.h>
#include <heed/tensor/detail/repeat.h>

#include "core/require.h"

namespace heed {

void detail::require_repeats(const Tensor& x, const Shape& repeats) {
  require_defined(x, "repeat");
  check<ShapeError>(repeats.rank() >= x.rank() && repeats.rank() < kMaxRank, "repeat",
                    "needs a number for each axis of ", x.shape(), " and at most ", kMaxRank - 1, ", got ", repeats);
  for (const int64_t count : repeats) {
    check(count >= 0, "repeat", "numbers must not be negative, got ", repeats);
  }
  int64_t count = std::max<int64_t>(x.numel(), 1);
  for (const int64_t times : repeats) {
    check<ShapeError>(!__builtin_mul_overflow(count, std::max<int64_t>(times, 1), &count), "repeat",
                      "too many elements in ", repeats, " times ", x.shape());
  }
}

Tensor repeat(const Tensor& x, const Shape& repeats) {
  const detail::OperationScope operation("repeat");
  detail::require_repeats(x, repeats);
  const Tensor result = detail::repeated(x, repeats);
  return result.storage().same_as(x.storage()) ? clone(result) : result;
}

}  // namespace heed
