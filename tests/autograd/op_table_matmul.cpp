// Rows of matrix products.
#include <heed/autograd/matmul.h>

#include "support/op_table.h"

namespace heed::test {
namespace {

using Variables = std::vector<Variable>;

Array matmul_reference(const Arrays& x) {
  Array a = x[0], b = x[1];
  const bool row = a.shape.rank() == 1, column = b.shape.rank() == 1;
  if (row) {
    a.shape.insert(0, 1);
  }
  if (column) {
    b.shape.push_back(1);
  }
  Array result = matrix_product(a, b);
  if (row) {
    result.shape.erase(result.shape.rank() - 2);
  }
  if (column) {
    result.shape.erase(result.shape.rank() - 1);
  }
  return result;
}

}  // namespace

std::vector<OpRow> matmul_rows() {
  std::vector<OpRow> rows{
      row("matmul", [](const Variables& x) { return matmul(x[0], x[1]); }, &matmul_reference,
          {{{{3, 5}}, {{5, 4}}},
           {{{2, 3, 5}}, {{2, 5, 4}}},
           {{{2, 3, 5}}, {{5, 4}}},
           {{{3, 5}}, {{2, 5, 4}}},
           {{{2, 1, 3, 2}}, {{3, 2, 4}}},
           {{{1, 3, 2}}, {{4, 2, 1}}},
           {{{5}}, {{5, 4}}},
           {{{5}}, {{2, 5, 4}}},
           {{{3, 5}}, {{5}}},
           {{{2, 3, 5}}, {{5}}},
           {{{5}}, {{5}}},
           {{{0, 4}}, {{4, 3}}},
           {{{3, 0}}, {{0, 2}}},
           {{{0, 3, 2}}, {{2, 2}}},
           {{{2, 3, 2}}, {{0, 1, 2, 2}}},
           {{{1, 1}}, {{1, 1}}},
           {{{17, 9}}, {{9, 11}}}}),
      row("linear", [](const Variables& x) { return linear(x[0], x[1], x[2]); }, &linear_reference,
          {{{{3, 5}}, {{4, 5}}, {{4}}},
           {{{2, 3, 5}}, {{4, 5}}, {{4}}},
           {{{5}}, {{4, 5}}, {{4}}},
           {{{0, 5}}, {{4, 5}}, {{4}}},
           {{{3, 0}}, {{4, 0}}, {{4}}},
           {{{2, 3, 2}}, {{0, 2}}, {{0}}}}),
      row("linear", [](const Variables& x) { return linear(x[0], x[1]); }, &linear_reference,
          {{{{3, 5}}, {{4, 5}}}, {{{2, 1, 5}}, {{1, 5}}}}),
  };
  return rows;
}

}  // namespace heed::test
