// The op table: one row an operation on Variables. What each row buys is in tests/autograd/op_table.cpp; the rows are
// in tests/autograd/op_table_FAMILY.cpp.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include <heed/autograd/backward.h>

#include "support/array.h"

namespace heed::test {

/// One input of an operation: uniform values in [low, high). Floating ones are differentiable; int64 and bool are data.
struct Input {
  Shape shape;
  double low = -2;
  double high = 2;
  DType dtype = DType::float64;
};
/// int64 in 0 … bound-1.
inline Input indices(const Shape& shape, int64_t bound) { return {shape, 0, static_cast<double>(bound), DType::int64}; }
/// bool, true in half of the places.
inline Input hidden(const Shape& shape) { return {shape, 0, 1, DType::boolean}; }
using Case = std::vector<Input>;

struct OpRow {
  std::string name;  ///< of the public function
  VariableFunction function;
  std::function<Arrays(const Arrays&)> reference;
  std::vector<Case> cases;
  double tolerance = 1e-12;         ///< relative, of float64 values
  double float32_tolerance = 2e-5;  ///< relative to the largest element, of float32 values and gradients
};

/// A row for an operation with one output.
inline OpRow row(std::string name, std::function<Variable(const std::vector<Variable>&)> function,
                 std::function<Array(const Arrays&)> reference, std::vector<Case> cases) {
  return {std::move(name), [function](const std::vector<Variable>& x) { return std::vector<Variable>{function(x)}; },
          [reference](const Arrays& x) { return Arrays{reference(x)}; }, std::move(cases)};
}

/// All rows, in the order of the families below.
const std::vector<OpRow>& all_rows();

std::vector<OpRow> elementwise_rows();
std::vector<OpRow> reduce_rows();
std::vector<OpRow> view_rows();
std::vector<OpRow> matmul_rows();
std::vector<OpRow> index_rows();
std::vector<OpRow> softmax_rows();
std::vector<OpRow> norm_rows();
std::vector<OpRow> rnn_rows();
std::vector<OpRow> attention_rows();
std::vector<OpRow> attention_lstm_rows();
std::vector<OpRow> sort_rows();
std::vector<OpRow> einsum_rows();

}  // namespace heed::test
