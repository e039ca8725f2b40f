// What searches and models share.
#include "seq2seq/decoding.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include <heed/tensor/create.h>
#include <heed/tensor/elementwise.h>
#include <heed/tensor/error.h>
#include <heed/tensor/index.h>
#include <heed/tensor/reduce.h>
#include <heed/tensor/softmax.h>
#include <heed/tensor/view.h>

namespace heed::detail {

namespace {

constexpr double kImpossible = -std::numeric_limits<double>::infinity();

/// (V) bool: true for pad and bos; either may lie beyond the V symbols.
Tensor never_written(int64_t symbols, const SpecialTokens& tokens) {
  Tensor never = zeros({symbols}, DType::boolean);
  for (const int64_t token : {tokens.pad, tokens.bos}) {
    if (token < symbols) {
      never.mutable_data<bool>()[token] = true;
    }
  }
  return never;
}

}  // namespace

void check_source(const char* op, const Tensor& source) {
  check<ShapeError>(source.rank() == 2, op, "source must be (B, S), got ", source.shape());
  check<DTypeError>(source.dtype() == DType::int64, op, "source must be int64, got ", source.dtype());
}

Tensor without_marks(const Tensor& scores, const SpecialTokens& tokens) {
  return masked_fill(scores, never_written(scores.size(-1), tokens), kImpossible);
}

Tensor most_probable(const Tensor& logits, const SpecialTokens& tokens) {
  return argmax(without_marks(logits, tokens), -1);
}

Tensor log_probabilities(const char* op, const Tensor& logits, const SpecialTokens& tokens) {
  const Tensor all = contiguous(to(log_softmax(logits, -1), DType::float64));
  const auto* values = all.data<double>();
  check(std::none_of(values, values + all.numel(), [](double value) { return std::isnan(value); }), op,
        "the model's logits are not numbers; were its parameters trained with too high a rate?");
  const int64_t symbols = all.size(1);
  Tensor result = contiguous(without_marks(all, tokens));
  for (int64_t row = 0; row < result.size(0); ++row) {
    const auto* scores = result.data<double>() + row * symbols;
    check(std::any_of(scores, scores + symbols, [](double score) { return score > kImpossible; }), op,
          "some symbol besides pad and bos must be possible, got none");
  }
  return result;
}

std::vector<int64_t> lengths_or(const Tensor& lengths, int64_t batch, int64_t steps) {
  return lengths.defined() ? lengths.to_vector<int64_t>() : std::vector<int64_t>(static_cast<size_t>(batch), steps);
}

Tensor attention_map(const std::vector<Tensor>& rows, int64_t length) {
  if (rows.empty() || !rows.front().defined()) {
    return {};
  }
  return clone(narrow(stack(rows, 0), 1, 0, length));
}

Tensor index_tensor(const std::vector<int64_t>& values) {
  return from_vector(values, {static_cast<int64_t>(values.size())});
}

}  // namespace heed::detail
