// Walks both layouts together, a row at a time.
#include "operations/strided_copy.h"

#include <cstring>
#include <limits>

#include "core/dispatch.h"
#include "operations/loops.h"

namespace heed::detail {
namespace {

/// Defined for every value: towards int64, fractions are cut off, what is too large becomes the nearest that is not,
/// and NaN becomes 0.
template <class To, class From>
To converted(From value) {
  if constexpr (std::is_same_v<To, bool>) {
    return value != From{};
  } else if constexpr (std::is_same_v<To, int64_t> && std::is_floating_point_v<From>) {
    constexpr From kBound = 0x1p63;
    if (!(value >= -kBound && value < kBound)) {
      return value != value ? 0 : value < 0 ? std::numeric_limits<To>::min() : std::numeric_limits<To>::max();
    }
  }
  return static_cast<To>(value);
}

template <class To, class From>
void copy_row(To* to, int64_t to_stride, const From* from, int64_t from_stride, int64_t n) {
  if constexpr (std::is_same_v<To, From>) {
    if (to_stride == 1 && from_stride == 1) {
      std::memcpy(to, from, static_cast<size_t>(n) * sizeof(To));
      return;
    }
  }
  for (int64_t i = 0; i < n; ++i) {
    to[i * to_stride] = converted<To>(from[i * from_stride]);
  }
}

}  // namespace

void strided_copy(Tensor& target, const Tensor& source) {
  if (target.numel() == 0) {
    return;
  }
  dispatch_all(target.dtype(), [&]<class To>() {
    dispatch_all(source.dtype(), [&]<class From>() {
      To* to = target.mutable_data<To>();
      const From* from = source.data<From>();
      const Loop<2> loop(target.shape(), {target.strides(), source.strides()});
      for_each_row(loop, kCheapGrain, [&](const Loop<2>::Offsets& at, int64_t n) {
        copy_row(to + at[0], loop.stride(0), from + at[1], loop.stride(1), n);
      });
    });
  });
}

}  // namespace heed::detail
