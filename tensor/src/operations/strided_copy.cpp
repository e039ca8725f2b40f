// Walks both layouts with one counter for the outer axes and a plain loop for the innermost.
#include "operations/strided_copy.h"

#include <cstring>
#include <limits>

#include <heed/tensor/parallel.h>

#include "core/dispatch.h"

namespace heed::detail {
namespace {

/// The least elements per thread for which a second thread pays.
constexpr int64_t kGrain = 1 << 15;

struct Layout {
  Shape shape;
  Strides to, from;
};

/// Without axes of size 1, and with neighbours merged that lie one behind the other on both sides.
Layout coalesce(const Tensor& target, const Tensor& source) {
  Layout layout;
  for (int64_t i = 0; i < target.rank(); ++i) {
    const int64_t size = target.shape()[i], to = target.strides()[i], from = source.strides()[i];
    if (size == 1) {
      continue;
    }
    const int64_t last = layout.shape.rank() - 1;
    if (last >= 0 && layout.to[last] == to * size && layout.from[last] == from * size) {
      layout.shape[last] *= size;
      layout.to[last] = to;
      layout.from[last] = from;
    } else {
      layout.shape.push_back(size);
      layout.to.push_back(to);
      layout.from.push_back(from);
    }
  }
  return layout;
}

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

template <class To, class From>
void copy_rows(To* to, const From* from, const Layout& layout, int64_t begin, int64_t end) {
  const int64_t inner = layout.shape.rank() - 1;
  const int64_t n = layout.shape[inner];
  for (int64_t row = begin; row < end; ++row) {
    int64_t rest = row, to_offset = 0, from_offset = 0;
    for (int64_t i = inner - 1; i >= 0; --i) {
      const int64_t index = rest % layout.shape[i];
      rest /= layout.shape[i];
      to_offset += index * layout.to[i];
      from_offset += index * layout.from[i];
    }
    copy_row(to + to_offset, layout.to[inner], from + from_offset, layout.from[inner], n);
  }
}

}  // namespace

void strided_copy(Tensor& target, const Tensor& source) {
  if (target.numel() == 0) {
    return;
  }
  Layout layout = coalesce(target, source);
  if (layout.shape.empty()) {
    layout = {{1}, {1}, {1}};
  }
  const int64_t n = layout.shape.back();
  const int64_t rows = target.numel() / n;
  dispatch_all(target.dtype(), [&]<class To>() {
    dispatch_all(source.dtype(), [&]<class From>() {
      To* to = target.mutable_data<To>();
      const From* from = source.data<From>();
      if (rows == 1) {
        parallel_for(0, n, kGrain, [&](int64_t begin, int64_t end) {
          copy_row(to + begin * layout.to.back(), layout.to.back(), from + begin * layout.from.back(),
                   layout.from.back(), end - begin);
        });
      } else {
        parallel_for(0, rows, kGrain / n + 1,
                     [&](int64_t begin, int64_t end) { copy_rows(to, from, layout, begin, end); });
      }
    });
  });
}

}  // namespace heed::detail
