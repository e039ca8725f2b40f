// Mask and what keeps to it. A product adds up 0 · x for hidden x, which is NaN where x is not finite: such elements
// are taken out first, and what may see them is made NaN afterwards.
#include <heed/autograd/mask.h>

#include <algorithm>
#include <limits>

#include <heed/autograd/elementwise.h>
#include <heed/autograd/matmul.h>
#include <heed/autograd/softmax.h>
#include <heed/autograd/view.h>
#include <heed/tensor/create.h>
#include <heed/tensor/detail/operation_scope.h>
#include <heed/tensor/error.h>
#include <heed/tensor/index.h>
#include <heed/tensor/reduce.h>

#include "require.h"

namespace heed {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr double kMinusInfinity = -std::numeric_limits<double>::infinity();

void check_bool(const Tensor& mask) {
  check<DTypeError>(mask.dtype() == DType::boolean, "Mask", "must be bool, true = hidden, got ", mask.dtype());
}

void check_lengths(const Tensor& lengths, int64_t steps, const char* op) {
  const std::vector<int64_t> values = lengths.to_vector<int64_t>();
  for (size_t i = 0; i < values.size(); ++i) {
    check(values[i] >= 0 && values[i] <= steps, op, "lengths must be between 0 and ", steps, ", got ", values[i],
          " at ", i);
  }
}

Tensor either(const Tensor& a, const Tensor& b) {
  return a.defined() && b.defined() ? logical_or(a, b) : a.defined() ? a : b;
}

/// A part of a mask, Tensor or Variable, as it broadcasts to the scores.
template <class Part>
Part fitted(const Part& part, const Shape& scores, const char* op) {
  const Shape shape = part.shape();
  const int64_t rank = scores.rank();
  const bool of_heads = shape.rank() == 3 && rank == 4 && shape == Shape{scores[0] * scores[1], scores[2], scores[3]};
  bool fits = shape.rank() <= rank;
  for (int64_t i = 1; fits && i <= shape.rank(); ++i) {
    fits = shape[shape.rank() - i] == 1 || shape[shape.rank() - i] == scores[rank - i];
  }
  check<ShapeError>(fits || of_heads, op, "the mask must broadcast to ", scores, ", got ", shape);
  return fits ? part : reshape(part, scores);
}

/// The rows of x that hold something that is not finite: (…, 1).
Tensor nonfinite_rows(const Variable& x) { return any(logical_not(isfinite(x.value())), {-1}, true); }

/// For x (B, S, F), or (S, B, F): true at hidden positions, (B, S, 1) or (S, B, 1).
Tensor hidden_rows(const Variable& x, const Mask& mask, bool batch_first) {
  check(x.defined(), "Mask", "hides positions of a defined tensor, got an undefined one");
  check<ShapeError>(x.rank() == 3, "Mask", "hides positions of ", batch_first ? "(B, S, F)" : "(S, B, F)", ", got ",
                    x.shape());
  const Tensor hidden = mask.padded(x.size(batch_first ? 0 : 1), x.size(batch_first ? 1 : 0), "Mask");
  return unsqueeze(batch_first ? hidden : transpose(hidden, 0, 1), 2);
}

Tensor hidden_of(const Mask& mask, const Shape& scores, DType dtype, const char* op) {
  return mask.on(scores, dtype, op).all_hidden(scores);
}

}  // namespace

Tensor ScoreMask::all_hidden(const Shape& scores) const {
  return is_causal ? either(hidden, causal_mask(scores[scores.rank() - 2], scores[scores.rank() - 1])) : hidden;
}

Mask::Mask(const Tensor& mask) {
  if (mask.defined()) {
    check_bool(mask);
    hidden_.push_back(mask);
  }
}

Mask Mask::hidden(const Tensor& mask) { return mask; }

Mask Mask::padding(const Tensor& positions) {
  Mask mask;
  if (positions.defined()) {
    check_bool(positions);
    check<ShapeError>(positions.rank() == 2, "Mask", "padding must be (B, S), got ", positions.shape());
    mask.padding_ = positions;
  }
  return mask;
}

Mask Mask::lengths(const Tensor& lengths) {
  Mask mask;
  if (lengths.defined()) {
    check<DTypeError>(lengths.dtype() == DType::int64, "Mask", "lengths must be int64, got ", lengths.dtype());
    check<ShapeError>(lengths.rank() == 1, "Mask", "lengths must be (B), got ", lengths.shape());
    mask.lengths_ = lengths;
  }
  return mask;
}

Mask Mask::causal(int64_t offset) {
  check(offset >= 0, "Mask", "the first query's position must be 0 or more, got ", offset);
  Mask mask;
  mask.causal_ = offset;
  return mask;
}

Mask Mask::added(const Variable& scores) {
  Mask mask;
  if (scores.defined()) {
    check<DTypeError>(is_floating(scores.dtype()), "Mask", "what is added must be float32 or float64, got ",
                      scores.dtype());
    const Tensor infinite = eq(scores.value(), kMinusInfinity);  // -∞ has no gradient, and -∞ + ∞ is NaN
    const bool hides = any(flatten(infinite), {0}).item<bool>();
    mask = hides ? Mask(infinite) : Mask();
    mask.added_.push_back({scores, hides ? infinite : Tensor()});
  }
  return mask;
}

Mask operator|(const Mask& a, const Mask& b) {
  Mask both = a;
  both.hidden_.insert(both.hidden_.end(), b.hidden_.begin(), b.hidden_.end());
  both.added_.insert(both.added_.end(), b.added_.begin(), b.added_.end());
  both.padding_ = either(a.padding_, b.padding_);
  both.lengths_ = a.lengths_.defined() && b.lengths_.defined() ? minimum(a.lengths_, b.lengths_)
                  : a.lengths_.defined()                       ? a.lengths_
                                                               : b.lengths_;
  both.causal_ = a.causal_ && b.causal_ ? std::min(a.causal_, b.causal_) : a.causal_ ? a.causal_ : b.causal_;
  return both;
}

Mask Mask::after(int64_t steps) const {
  Mask later = *this;
  if (causal_) {
    later.causal_ = *causal_ + steps;
  }
  return later;
}

Mask Mask::worked_out(int64_t batch, int64_t steps, const char* op) const {
  Mask settled = *this;
  settled.padding_ = padded(batch, steps, op);
  settled.lengths_ = Tensor();
  return settled;
}

Tensor Mask::padded(int64_t batch, int64_t steps, const char* op) const {
  const Shape shape{batch, steps};
  check<ShapeError>(!padding_.defined() || padding_.shape() == shape, op, "the mask of positions must be (B=", batch,
                    ", S=", steps, "), got ", padding_.defined() ? padding_.shape() : shape);
  if (!lengths_.defined()) {
    return padding_;
  }
  check<ShapeError>(lengths_.numel() == batch, op, "there must be a length per sequence, ", batch, ", got ",
                    lengths_.numel());
  check_lengths(lengths_, steps, op);
  return either(padding_, padding_mask(lengths_, steps));
}

Tensor Mask::positions(int64_t batch, int64_t steps, const char* op) const {
  check(!causal_ && added_.empty(), op,
        "the mask must hide positions (padding, lengths), got one that speaks of queries (causal, added)");
  Tensor all = padded(batch, steps, op);
  for (const Tensor& hidden : hidden_) {
    check<ShapeError>(hidden.shape() == Shape{batch, steps}, op, "the mask of positions must be (B=", batch,
                      ", S=", steps, "), got ", hidden.shape());
    all = either(hidden, all);
  }
  return all;
}

Tensor Mask::sequence_lengths(int64_t batch, int64_t steps, const char* op) const {
  const Tensor all = positions(batch, steps, op);
  if (!all.defined() || (hidden_.empty() && !padding_.defined())) {
    return lengths_;
  }
  const Tensor rows = contiguous(all);
  const bool* row = rows.data<bool>();
  Tensor result = empty({batch}, DType::int64);
  auto* lengths = result.mutable_data<int64_t>();
  for (int64_t b = 0; b < batch; ++b, row += steps) {
    lengths[b] = std::find(row, row + steps, true) - row;
    check(std::find(row + lengths[b], row + steps, false) == row + steps, op,
          "hidden positions must be at the end, got a visible one behind a hidden one in row ", b);
  }
  return result;
}

ScoreMask Mask::on(const Shape& scores, DType dtype, const char* op) const {
  const int64_t rank = scores.rank(), sources = scores[rank - 1];
  ScoreMask result;
  for (const Tensor& hidden : hidden_) {
    result.hidden = either(result.hidden, fitted(hidden, scores, op));
  }
  if (hides_positions()) {
    check<ShapeError>(rank >= 3, op, "padding and lengths need scores (B, …, T, S), got ", scores);
    Shape shape = Shape::filled(rank, 1);
    shape[0] = scores[0];
    shape[rank - 1] = sources;
    result.hidden = either(result.hidden, reshape(padded(scores[0], sources, op), shape));
  }
  for (const auto& [added, infinite] : added_) {
    check<DTypeError>(added.dtype() == dtype, op, "what the mask adds must be ", dtype, ", got ", added.dtype());
    const Variable finite = fitted(infinite.defined() ? masked_fill(added, infinite, 0) : added, scores, op);
    result.added = result.added.defined() ? result.added + finite : finite;
  }
  result.is_causal = causal_ == 0;
  if (causal_.value_or(0) > 0 && *causal_ + 1 < sources) {
    result.hidden = either(result.hidden, causal_mask(scores[rank - 2], sources, *causal_));
  }
  return result;
}

Variable hide(const Variable& x, const Mask& mask, bool batch_first) {
  const detail::OperationScope operation("hide");
  return mask.hides_positions() ? masked_fill(x, hidden_rows(x, mask, batch_first), 0) : x;
}

Variable hide_nonfinite(const Variable& x, const Mask& mask, bool batch_first) {
  const detail::OperationScope operation("hide_nonfinite");
  if (!mask.hides_positions()) {
    return x;
  }
  const Tensor hidden = hidden_rows(x, mask, batch_first);
  return all_finite(x.value()) ? x : masked_fill(x, logical_and(nonfinite_rows(x), hidden), 0);
}

Variable hide_nonfinite_keys(const Variable& x, const Mask& mask, const Shape& scores) {
  const detail::OperationScope operation("hide_nonfinite_keys");
  check(x.defined(), "hide_nonfinite_keys", "needs defined tensors, got an undefined one");
  if (!mask.hides() || all_finite(x.value())) {
    return x;
  }
  const Tensor hidden = hidden_of(mask, scores, x.dtype(), "Mask");
  if (!hidden.defined()) {  // a causal mask hides nothing from the last query
    return x;
  }
  const Tensor from_all = narrow(all(expand(hidden, scores), {1, 2}), 1, scores[3] - x.size(1), x.size(1));
  return masked_fill(x, logical_and(nonfinite_rows(x), unsqueeze(from_all, 2)), 0);
}

Variable masked_softmax(const Variable& scores, const Mask& mask) {
  const detail::OperationScope operation("masked_softmax");
  const ScoreMask parts = mask.on(scores.shape(), scores.dtype(), "masked_softmax");
  const Tensor hidden = parts.all_hidden(scores.shape());
  const Variable sums = parts.added.defined() ? scores + parts.added : scores;
  return hidden.defined() ? masked_softmax(sums, hidden) : softmax(sums, -1);
}

Variable dot_scores(const Variable& query, const Variable& key, const Mask& mask) {
  const detail::OperationScope operation("dot_scores");
  detail::require_floating_alike({&query, &key}, "dot_scores");
  check<ShapeError>(query.rank() >= 2 && key.rank() >= 2 && query.size(-1) == key.size(-1), "dot_scores",
                    "needs queries (…, T, D) and keys (…, S, D), got ", query.shape(), " and ", key.shape());
  detail::require_leading_axes(query, key, "dot_scores");
  const auto plain = [](const Variable& q, const Variable& k) { return matmul(q, transpose(k, -2, -1)); };
  if (!mask.hides() || (all_finite(query.value()) && all_finite(key.value()))) {
    return plain(query, key);
  }
  const Tensor nonfinite_queries = logical_not(isfinite(query.value()));
  const Tensor nonfinite_keys = logical_not(isfinite(key.value()));
  const Variable scores = plain(masked_fill(query, nonfinite_queries, 0), masked_fill(key, nonfinite_keys, 0));
  const Tensor nonfinite = logical_or(any(nonfinite_queries, {-1}, true), unsqueeze(any(nonfinite_keys, {-1}), -2));
  return masked_fill(scores, nonfinite, kNaN);
}

Variable weighted_sum(const Variable& weights, const Variable& value, const Mask& mask) {
  const detail::OperationScope operation("weighted_sum");
  detail::require_floating_alike({&weights, &value}, "weighted_sum");
  check<ShapeError>(weights.rank() >= 2 && value.rank() >= 2 && weights.size(-1) == value.size(-2), "weighted_sum",
                    "needs weights (…, T, S) and values (…, S, M), got ", weights.shape(), " and ", value.shape());
  detail::require_leading_axes(weights, value, "weighted_sum");
  if (!mask.hides() || all_finite(value.value())) {
    return matmul(weights, value);
  }
  const Tensor hidden = hidden_of(mask, weights.shape(), weights.dtype(), "weighted_sum");
  if (!hidden.defined()) {
    return matmul(weights, value);
  }
  const Tensor nonfinite = logical_not(isfinite(value.value()));
  const Tensor visible = to(logical_not(expand(hidden, weights.shape())), value.dtype());
  const Tensor seen = gt(matmul(visible, to(nonfinite, value.dtype())), 0);
  return masked_fill(matmul(weights, masked_fill(value, nonfinite, 0)), seen, kNaN);
}

}  // namespace heed
