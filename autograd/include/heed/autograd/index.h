// Joins, splits and indexes Variables; see heed/tensor/index.h. Indices are data: no gradient for them.
#pragma once

#include <initializer_list>
#include <optional>
#include <vector>

#include <heed/autograd/variable.h>
#include <heed/tensor/index.h>

namespace heed {

Variable cat(const std::vector<Variable>& variables, int64_t dim = 0);
Variable stack(const std::vector<Variable>& variables, int64_t dim = 0);
inline Variable cat(std::initializer_list<Variable> variables, int64_t dim = 0) {
  return cat(std::vector<Variable>(variables), dim);
}
inline Variable stack(std::initializer_list<Variable> variables, int64_t dim = 0) {
  return stack(std::vector<Variable>(variables), dim);
}
/// One operation with all pieces as outputs: taking x apart and using every piece costs one pass backward.
std::vector<Variable> split(const Variable& x, int64_t size, int64_t dim = 0);
std::vector<Variable> split(const Variable& x, const std::vector<int64_t>& sizes, int64_t dim = 0);
inline std::vector<Variable> split(const Variable& x, std::initializer_list<int64_t> sizes, int64_t dim = 0) {
  return split(x, std::vector<int64_t>(sizes), dim);
}
/// All slices along `dim`, which disappears; one operation, as split().
std::vector<Variable> unbind(const Variable& x, int64_t dim = 0);
Variable flip(const Variable& x, const Dims& dims);

Variable gather(const Variable& x, int64_t dim, const Tensor& index);
Variable scatter_add(const Variable& x, int64_t dim, const Tensor& index, const Variable& source);
Variable index_select(const Variable& x, int64_t dim, const Tensor& index);
Variable index_add(const Variable& x, int64_t dim, const Tensor& index, const Variable& source);
/// Rows of weight (V, E) by ids of any shape: (…) → (…, E). Row `padding_idx` (negative: from the end) is looked up as
/// any other but gets no gradient. Throws IndexError.
Variable embedding(const Variable& weight, const Tensor& ids, std::optional<int64_t> padding_idx = std::nullopt);
/// linear(embedding(table, ids), weight, bias), the same bits, where each row of the table is multiplied once if it has
/// fewer rows than ids are many: table (V, I), ids (…), weight (O, I), bias (O) or undefined → (…, O). A row none of
/// whose uses has a gradient other than 0, such as that of padding, may be NaN. Throws ShapeError, DTypeError,
/// IndexError.
Variable embedding_linear(const Variable& table, const Tensor& ids, const Variable& weight,
                          const Variable& bias = Variable());

}  // namespace heed
