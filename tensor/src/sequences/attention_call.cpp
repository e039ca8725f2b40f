// Checks a call of attention and takes it apart into heads.
#include "sequences/attention_call.h"

#include <algorithm>
#include <cmath>

#include <heed/tensor/create.h>
#include <heed/tensor/elementwise.h>
#include <heed/tensor/reduce.h>
#include <heed/tensor/view.h>

#include "core/require.h"

namespace heed::detail {
namespace {

constexpr const char* kOp = "scaled_dot_product_attention";

Shape leading_of(const Shape& shape) { return Shape(std::span(shape.begin(), static_cast<size_t>(shape.rank() - 2))); }

/// A mask of the scores, with two axes at least.
Tensor checked_mask(const Tensor& mask, DType dtype, const Shape& scores) {
  if (!mask.defined()) {
    return mask;
  }
  check<DTypeError>(mask.dtype() == dtype, kOp, "the mask must be ", dtype, ", got ", mask.dtype());
  check<ShapeError>(broadcast_shapes(mask.shape(), scores, kOp) == scores, kOp, "the mask must broadcast to ", scores,
                    ", got ", mask.shape());
  const int64_t rank = std::max<int64_t>(mask.rank(), 2);
  Shape shape = Shape::filled(rank, -1);
  for (int64_t i = 1; i <= 2; ++i) {
    shape[rank - i] = scores[scores.rank() - i];
  }
  for (int64_t i = 0; i < rank - 2; ++i) {
    shape[i] = mask.shape()[i];
  }
  return expand(mask, shape);
}

}  // namespace

AttentionCall::AttentionCall(const Tensor& query, const Tensor& key, const Tensor& value,
                             const TiledAttentionOptions& given, bool known_to_be_finite)
    : options(given), finite(known_to_be_finite) {
  require_same_dtype(query, key, kOp);
  require_same_dtype(query, value, kOp);
  check<DTypeError>(is_floating(query.dtype()), kOp, "needs float32 or float64, got ", query.dtype());
  check(given.dropout >= 0 && given.dropout <= 1, kOp, "dropout must be from 0 to 1, got ", given.dropout);
  leading = broadcast_shapes(leading_of(attention_scores(kOp, query, key, value)), leading_of(value.shape()), kOp);
  targets = query.size(-2);
  sources = key.size(-2);
  size = query.size(-1);
  value_size = value.size(-1);
  const Shape scores = with_leading(targets, sources);
  operands = {query,
              key,
              value,
              checked_mask(given.hidden, DType::boolean, scores),
              checked_mask(given.added, query.dtype(), scores),
              Tensor(),
              Tensor()};
  const bool hides = given.hidden.defined() || given.added.defined() || given.is_causal;
  if (hides && !finite) {
    finite = all_finite(query) && all_finite(key) && all_finite(value);
    if (!finite) {
      set_nonfinite_to_zero();
    }
  }
}

void AttentionCall::set_nonfinite_to_zero() {
  std::array<Tensor, 3> nonfinite;
  for (size_t i = kQuery; i <= kValue; ++i) {
    nonfinite[i] = logical_not(isfinite(operands[i]));
    operands[i] = masked_fill(operands[i], nonfinite[i], 0);
  }
  operands[kNonfiniteQueries] = any(nonfinite[kQuery], {-1});
  operands[kNonfiniteKeys] = any(nonfinite[kKey], {-1});
  nonfinite_values = nonfinite[kValue];
}

Shape AttentionCall::with_leading(int64_t rows) const {
  Shape shape = leading;
  shape.push_back(rows);
  return shape;
}

Shape AttentionCall::with_leading(int64_t rows, int64_t columns) const {
  Shape shape = with_leading(rows);
  shape.push_back(columns);
  return shape;
}

int64_t AttentionCall::offset(const Tensor& x, int64_t axes_of_head, int64_t index) const {
  int64_t offset = 0;
  const int64_t own = x.rank() - axes_of_head;
  for (int64_t i = leading.rank() - 1; i >= 0; --i) {
    const int64_t axis = own - leading.rank() + i;
    if (axis >= 0 && x.shape()[axis] != 1) {
      offset += index % leading[i] * x.strides()[axis];
    }
    index /= leading[i];
  }
  return offset;
}

template <class T>
kernels::AttentionHead<T> AttentionCall::head(int64_t index) const {
  const auto grid = [&]<class E>(const Tensor& x, E) {
    return x.defined() ? grid_of<E>(x, offset(x, 2, index)) : kernels::Grid<const E>{};
  };
  const auto flags = [&](const Tensor& x) { return x.defined() ? x.data<bool>() + offset(x, 1, index) : nullptr; };
  kernels::AttentionHead<T> head;
  head.targets = targets;
  head.sources = sources;
  head.size = size;
  head.value_size = value_size;
  head.query = grid(operands[kQuery], T{});
  head.key = grid(operands[kKey], T{});
  head.value = grid(operands[kValue], T{});
  head.hidden = grid(operands[kHiddenMask], bool{});
  head.added = grid(operands[kAdded], T{});
  head.nonfinite_queries = flags(operands[kNonfiniteQueries]);
  head.nonfinite_keys = flags(operands[kNonfiniteKeys]);
  head.causal = options.is_causal;
  head.scale = static_cast<T>(options.scale);
  if (options.dropout > 0) {
    const double keep = 1 - options.dropout;
    head.dropout = {true,
                    static_cast<uint64_t>(std::ceil(keep * 0x1p32)),
                    keep > 0 ? 1 / keep : 0,
                    options.random.seed,
                    options.random.stream,
                    options.random.offset};
  }
  head.first_weight = static_cast<uint64_t>(index) * static_cast<uint64_t>(targets * sources);
  return head;
}

template kernels::AttentionHead<float> AttentionCall::head(int64_t) const;
template kernels::AttentionHead<double> AttentionCall::head(int64_t) const;

}  // namespace heed::detail

namespace heed {

Shape attention_scores(const char* op, const Tensor& query, const Tensor& key, const Tensor& value) {
  check<ShapeError>(query.rank() >= 2 && key.rank() >= 2 && value.rank() >= 2, op, "needs at least two axes each, got ",
                    query.shape(), ", ", key.shape(), " and ", value.shape());
  check<ShapeError>(query.size(-1) == key.size(-1), op, "queries and keys must have one size, got ", query.shape(),
                    " and ", key.shape());
  check<ShapeError>(key.size(-2) == value.size(-2), op, "there must be as many keys as values, got ", key.shape(),
                    " and ", value.shape());
  Shape scores = broadcast_shapes(detail::leading_of(query.shape()), detail::leading_of(key.shape()), op);
  scores.push_back(query.size(-2));
  scores.push_back(key.size(-2));
  return scores;
}

}  // namespace heed
