// Slices of several axes at once.
#include <heed/tensor/slice.h>

#include <heed/tensor/view.h>

#include "core/require.h"

namespace heed {

Tensor slice(const Tensor& x, const std::vector<Slice>& parts) {
  detail::require_defined(x, "slice");
  const auto count = static_cast<int64_t>(parts.size());
  check<IndexError>(count <= x.rank(), "slice", "needs at most one part per axis of ", x.shape(), ", got ", count);
  Tensor result = x;
  int64_t axis = 0;
  for (int64_t i = 0; i < count; ++i) {
    const Slice& part = parts[static_cast<size_t>(i)];
    const int64_t size = x.shape()[i];
    if (part.is_index()) {
      check<IndexError>(part.start() >= -size && part.start() < size, "slice", "index ", part.start(),
                        " is out of range for axis ", i, " of ", x.shape());
      result = select(result, axis, part.start());
      continue;
    }
    result = part.is_whole() ? result : slice(result, axis, part.start(), part.stop(), part.step());
    ++axis;
  }
  return result;
}

}  // namespace heed
