// What searches and models share: log-probabilities and attention maps.
#pragma once

#include <vector>

#include <heed/nn/seq2seq/seq2seq.h>

namespace heed::detail {

/// Throws ShapeError and DTypeError unless source is (B, S) int64.
void check_source(const char* op, const Tensor& source);

/// Scores (…, V) with -∞ for pad and bos, which no output holds.
Tensor without_marks(const Tensor& scores, const SpecialTokens& tokens);

/// The most probable symbol of each row of logits (rows, V), as int64 (rows); never pad or bos.
Tensor most_probable(const Tensor& logits, const SpecialTokens& tokens);

/// log softmax(logits) (rows, V) as float64; -∞ for pad and bos. Throws ValueError when one is NaN, and
/// when a row leaves nothing to write.
Tensor log_probabilities(const char* op, const Tensor& logits, const SpecialTokens& tokens);

/// The lengths (B), `steps` for each when undefined.
std::vector<int64_t> lengths_or(const Tensor& lengths, int64_t batch, int64_t steps);

/// Rows of weights (S) of successive steps as (T, length); undefined for no rows or rows that are undefined.
Tensor attention_map(const std::vector<Tensor>& rows, int64_t length);

/// A rank-1 int64 tensor.
Tensor index_tensor(const std::vector<int64_t>& values);

}  // namespace heed::detail
