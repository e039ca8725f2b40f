// What greedy and beam search share.
#include "decoding.h"

#include <algorithm>
#include <cmath>

#include <heed/tensor/create.h>
#include <heed/tensor/error.h>
#include <heed/tensor/index.h>
#include <heed/tensor/softmax.h>
#include <heed/tensor/view.h>

namespace heed::detail {

void check_search(const char* op, const Tensor& source, int64_t max_length) {
  check<ShapeError>(source.rank() == 2, op, "source must be (B, S), got ", source.shape());
  check<DTypeError>(source.dtype() == DType::int64, op, "source must be int64, got ", source.dtype());
  check(max_length >= 1, op, "max_length must be at least 1, got ", max_length);
}

Tensor log_probabilities(const char* op, const Tensor& logits) {
  const Tensor result = contiguous(to(log_softmax(logits, -1), DType::float64));
  const auto* values = result.data<double>();
  check(std::none_of(values, values + result.numel(), [](double value) { return std::isnan(value); }), op,
        "the model's logits are not numbers; were its parameters trained with too high a rate?");
  return result;
}

std::vector<int64_t> own_lengths(const Tensor& source, const Tensor& lengths) {
  if (lengths.defined()) {
    return lengths.to_vector<int64_t>();
  }
  return std::vector<int64_t>(static_cast<size_t>(source.size(0)), source.size(1));
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
