// Finds adjacent tensors by their offsets and strides.
#include <heed/tensor/detail/neighbours.h>

#include <algorithm>

#include <heed/tensor/create.h>
#include <heed/tensor/index.h>
#include <heed/tensor/view.h>

#include "core/require.h"

namespace heed {
namespace {

bool same_block(const Tensor& a, const Tensor& b) {
  return a.dtype() == b.dtype() && a.storage().same_as(b.storage()) && a.strides() == b.strides();
}

/// The axes from the one with the largest stride to that with the smallest, but the last one stays the last.
Dims order_in_memory(const Tensor& x) {
  Dims order = all_axes(x.rank());
  if (x.rank() == 0) {
    return order;
  }
  std::stable_sort(order.begin(), order.end() - 1,
                   [&](int64_t a, int64_t b) { return x.strides()[a] > x.strides()[b]; });
  return order;
}

/// How many of the innermost axes make up blocks without gaps of `elements` each; -1 when none do.
int64_t axes_of_block(const Tensor& x, const Dims& order, int64_t elements) {
  int64_t block = 1;
  for (int64_t count = 1; count <= x.rank(); ++count) {
    const int64_t axis = order[x.rank() - count];
    if (x.strides()[axis] != block) {
      return -1;
    }
    block *= x.shape()[axis];
    if (block == elements) {
      return count;
    }
  }
  return -1;
}

/// A tensor like x whose axis order[i] is axis i of `memory`.
Tensor arranged(const Tensor& memory, const Dims& order) {
  Dims places = order;
  for (int64_t i = 0; i < order.rank(); ++i) {
    places[order[i]] = i;
  }
  return permute(memory, places);
}

/// The distance from each to the next; 0 when they are not neighbours.
int64_t distance(const std::vector<Tensor>& tensors) {
  if (tensors.size() < 2 || tensors[0].rank() == kMaxRank) {
    return 0;
  }
  const int64_t step = tensors[1].offset() - tensors[0].offset();
  for (size_t i = 1; i < tensors.size(); ++i) {
    const Tensor &before = tensors[i - 1], &each = tensors[i];
    if (!same_block(before, each) || before.shape() != each.shape() || each.offset() - before.offset() != step) {
      return 0;
    }
  }
  return std::max<int64_t>(step, 0);
}

}  // namespace

Tensor join_neighbours(const std::vector<Tensor>& tensors, int64_t dim) {
  for (const Tensor& each : tensors) {
    detail::require_defined(each, "join_neighbours");
  }
  if (tensors.empty() || tensors[0].rank() == 0) {
    return cat(tensors, dim);
  }
  const int64_t axis = normalize_dim(dim, tensors[0].rank(), "cat");
  Shape shape = tensors[0].shape();
  for (size_t i = 1; i < tensors.size(); ++i) {
    const Tensor &before = tensors[i - 1], &each = tensors[i];
    Shape expected = each.shape();
    expected[axis < expected.rank() ? axis : 0] = before.shape()[axis];
    if (!same_block(before, each) || expected != before.shape() ||
        each.offset() != before.offset() + before.shape()[axis] * before.strides()[axis]) {
      return cat(tensors, dim);
    }
    shape[axis] += each.shape()[axis];
  }
  return {tensors[0].storage(), tensors[0].dtype(), shape, tensors[0].strides(), tensors[0].offset()};
}

Tensor empty_in_order_of(const Tensor& like, const Shape& shape) {
  detail::require_defined(like, "empty_in_order_of");
  if (like.rank() != shape.rank()) {
    return empty(shape, like.dtype());
  }
  const Dims order = order_in_memory(like);
  Shape sizes;
  for (const int64_t axis : order) {
    sizes.push_back(shape[axis]);
  }
  return arranged(empty(sizes, like.dtype()), order);
}

std::vector<Tensor> empty_like_neighbours(const std::vector<Tensor>& tensors) {
  for (const Tensor& each : tensors) {
    detail::require_defined(each, "empty_like_neighbours");
  }
  std::vector<Tensor> result;
  const int64_t step = distance(tensors);
  if (step == 0) {
    for (const Tensor& each : tensors) {
      result.push_back(empty_in_order_of(each, each.shape()));
    }
    return result;
  }
  const Dims order = order_in_memory(tensors[0]);
  const int64_t inner = axes_of_block(tensors[0], order, step);
  const auto count = static_cast<int64_t>(tensors.size());
  Shape sizes = permute(tensors[0], order).shape();
  // Blocks that do not fill the step have no room for neighbours.
  const int64_t place = sizes.rank() - std::max<int64_t>(inner, 0);
  sizes.insert(inner < 0 ? 0 : place, count);
  const Tensor memory = empty(sizes, tensors[0].dtype());
  for (int64_t i = 0; i < count; ++i) {
    result.push_back(arranged(select(memory, inner < 0 ? 0 : place, i), order));
  }
  return result;
}

}  // namespace heed
