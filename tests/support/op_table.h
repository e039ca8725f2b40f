// The op table: one row an operation on Variables. What each row buys is in tests/autograd/op_table.cpp; the rows are
// in tests/autograd/op_table_FAMILY.cpp.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include <heed/autograd/backward.h>

#include "support/reference.h"

namespace heed::test {

/// A row-major array of float64: what references are computed with.
struct Array {
  Shape shape;
  std::vector<double> values;

  double at(const Shape& index) const {
    int64_t place = 0;
    for (int64_t axis = 0; axis < shape.rank(); ++axis) {
      place = place * shape[axis] + index[axis];
    }
    return values[static_cast<size_t>(place)];
  }
};
using Arrays = std::vector<Array>;

/// The array of `shape` whose element at each index is f(index).
template <class F>
Array array_of(const Shape& shape, const F& f) {
  Array result{shape, {}};
  for_each_index(shape, [&](const Shape& index) { result.values.push_back(f(index)); });
  return result;
}

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

}  // namespace heed::test
