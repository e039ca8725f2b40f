// Mask: what is hidden, as one value; and the operations that keep to it. What is hidden, even NaN, reaches no output
// and no gradient: that rule stands here and in mask.cpp alone.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include <heed/autograd/variable.h>

namespace heed {

/// A mask worked out for scores of one shape.
struct ScoreMask {
  Tensor hidden = {};      ///< bool, true = hidden, broadcasting to the scores; undefined when nothing is
  Variable added = {};     ///< added to the scores, finite, broadcasting to them; undefined when nothing is
  bool is_causal = false;  ///< hides key s from query t < s besides

  /// `hidden` and what causality hides of these scores; undefined when nothing is.
  Tensor all_hidden(const Shape& scores) const;
};

/// What is hidden of a sequence, or of the scores (…, T, S) of T queries and S keys. Made by name, combined with |; a
/// default one hides nothing. PyTorch's arguments:
///   key_padding_mask    Mask::padding(tensor)
///   attn_mask           Mask::hidden(tensor) if it is bool, Mask::added(variable) if it is floating
///   is_causal           Mask::causal()
class Mask {
 public:
  Mask() = default;
  /// As hidden(). Implicit, so that a bool tensor can stand where a Mask is wanted.
  Mask(const Tensor& mask);  // NOLINT(google-explicit-constructor)

  // Each takes an undefined tensor as "hides nothing".

  /// bool, true = hidden: broadcasts to the scores (…, T, S), or is (B · heads, T, S) for scores (B, heads, T, S);
  /// where there are no queries, the positions (B, S) of a sequence. Throws DTypeError.
  static Mask hidden(const Tensor& mask);
  /// bool (B, S), true = hidden: positions hidden from every query of every head. Throws DTypeError, ShapeError.
  static Mask padding(const Tensor& positions);
  /// int64 (B): positions from each sequence's length on are hidden. Throws DTypeError, ShapeError.
  static Mask lengths(const Tensor& lengths);
  /// Hides what comes later: key s from query t if s > t + offset. offset: the position of the first query.
  static Mask causal(int64_t offset = 0);
  /// Added to the scores, and may be differentiable; -∞ hides. Shapes as hidden(). Throws DTypeError.
  static Mask added(const Variable& scores);
  /// Hides what either hides, and adds what either adds.
  friend Mask operator|(const Mask& a, const Mask& b);

  /// False when nothing can be hidden; something may still be added.
  bool hides() const { return !hidden_.empty() || causal_.has_value() || hides_positions(); }
  bool hides_positions() const { return padding_.defined() || lengths_.defined(); }
  /// The same for queries that stand `steps` positions later among the keys: behind a cache of so many.
  Mask after(int64_t steps) const;
  /// The same for many layers over one sequence of (batch, steps): its lengths are looked at once. Throws ShapeError.
  Mask worked_out(int64_t batch, int64_t steps, const char* op) const;

  /// (B, S) bool: what padding and lengths hide; undefined when there are none. Throws ShapeError.
  Tensor padded(int64_t batch, int64_t steps, const char* op) const;
  /// (B, S) bool: what is hidden of a sequence; undefined when nothing is. Throws ShapeError, and ValueError for a mask
  /// that speaks of queries (causal, added).
  Tensor positions(int64_t batch, int64_t steps, const char* op) const;
  /// int64 (B): the lengths that positions() leaves; undefined when nothing is hidden. Throws as positions(), and
  /// ValueError when a visible position stands behind a hidden one.
  Tensor sequence_lengths(int64_t batch, int64_t steps, const char* op) const;
  /// For scores (…, T, S) of `dtype`. Throws ShapeError when a part does not fit, DTypeError.
  ScoreMask on(const Shape& scores, DType dtype, const char* op) const;

 private:
  struct Added {
    Variable scores;
    Tensor infinite;  // where they are -∞, which is in hidden_ too; or undefined
  };
  std::vector<Tensor> hidden_;  // each as on() fits it to the scores
  Tensor padding_, lengths_;
  std::vector<Added> added_;
  std::optional<int64_t> causal_;
};

/// x (B, S, F), or (S, B, F), with zeros at the positions that padding and lengths of `mask` hide. Before a projection
/// a weight of 0 is not enough: 0 · NaN is NaN, in outputs and in the gradients of parameters.
Variable hide(const Variable& x, const Mask& mask, bool batch_first = true);
/// The same, but only in place of vectors that are not all finite: x itself when there are none, as in all training.
Variable hide_nonfinite(const Variable& x, const Mask& mask, bool batch_first = true);
/// Likewise x (B, S, F), of which the last keys or values of scores (B, heads, T, P + S) are made, where it is hidden
/// from all queries.
Variable hide_nonfinite_keys(const Variable& x, const Mask& mask, const Shape& scores);

/// softmax along the last axis of scores (…, T, S) and what is added, over what is not hidden. Hidden elements have
/// weight and gradient exactly 0, and so has a row with all hidden. Throws ShapeError, DTypeError.
Variable masked_softmax(const Variable& scores, const Mask& mask);
/// query keyᵀ: query (…, T, D), key (…, S, D) → (…, T, S). What is not finite in a query or key reaches the gradients
/// of none that `mask` hides it from.
Variable dot_scores(const Variable& query, const Variable& key, const Mask& mask = {});
/// weights value: weights (…, T, S), zero where `mask` hides, value (…, S, M) → (…, T, M), where an element of `value`
/// counts only for the rows that may see it.
Variable weighted_sum(const Variable& weights, const Variable& value, const Mask& mask = {});

}  // namespace heed
