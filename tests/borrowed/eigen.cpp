// Eigen's matrices seen as tensors and tensors as Eigen's matrices, without a copy.
#include <Eigen/Dense>

#include <utility>

#include <heed/tensor/blob.h>
#include <heed/tensor/error.h>
#include <heed/tensor/matmul.h>

#include "support/reference.h"

namespace heed::test {
namespace {

/// A matrix, Map or Block with its memory: const ones are read-only. docs/guide.md shows these two functions.
template <class Matrix>
Tensor as_tensor(Matrix& m) {
  const int64_t inner = m.innerStride(), outer = m.outerStride();
  return from_blob(m.data(), {m.rows(), m.cols()}, Matrix::IsRowMajor ? Strides{outer, inner} : Strides{inner, outer});
}

/// A (rows, columns) tensor of any strides.
template <class T>
auto as_eigen(const Tensor& x) {
  using Matrix = Eigen::Matrix<T, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
  using Stride = Eigen::Stride<Eigen::Dynamic, Eigen::Dynamic>;
  return Eigen::Map<const Matrix, 0, Stride>(x.data<T>(), x.size(0), x.size(1), Stride(x.strides()[0], x.strides()[1]));
}

}  // namespace

TEST_CASE("Eigen's matrices of either order are seen as tensors") {
  Eigen::MatrixXd columns(2, 3);
  columns << 1, 2, 3, 4, 5, 6;
  Tensor x = as_tensor(columns);
  CHECK(x.strides() == Strides{1, 2});
  CHECK(values(x) == std::vector<double>{1, 2, 3, 4, 5, 6});
  fill_(x, 7);
  CHECK(columns(1, 2) == 7);

  Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor> rows(2, 2);
  rows << 1, 2, 3, 4;
  CHECK(as_tensor(rows).is_contiguous());
  const Eigen::Matrix2f product = rows * rows;
  CHECK(values(matmul(as_tensor(rows), as_tensor(rows))) == values(as_tensor(product)));

  auto block = columns.block(0, 1, 2, 2);
  Tensor part = as_tensor(block);
  fill_(part, 0);
  CHECK((columns(0, 0) == 7 && columns(1, 1) == 0 && columns(0, 2) == 0));
}

TEST_CASE("const matrices of Eigen are read-only tensors") {
  const Eigen::MatrixXf matrix = Eigen::MatrixXf::Ones(2, 2);
  Tensor x = as_tensor(matrix);
  CHECK(x.storage().read_only());
  CHECK_THROWS_AS(fill_(x, 0), ValueError);
  CHECK(matrix.sum() == 4);
}

TEST_CASE("a tensor can own a matrix of Eigen") {
  auto* const matrix = new Eigen::VectorXd(Eigen::VectorXd::LinSpaced(4, 0, 3));
  bool deleted = false;
  {
    const Tensor x = from_blob(matrix->data(), {matrix->size()}, [matrix, &deleted](void*) {
      delete matrix;
      deleted = true;
    });
    CHECK(values(x) == std::vector<double>{0, 1, 2, 3});
  }
  CHECK(deleted);
}

TEST_CASE("tensors are seen as matrices of Eigen, and a Map of one as a tensor again") {
  Tensor x = to(reshape(arange(6), {2, 3}), DType::float64);
  CHECK(as_eigen<double>(x)(1, 0) == 3);
  CHECK(as_eigen<double>(transpose(x, 0, 1))(0, 1) == 3);
  Eigen::Map<Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>> map(x.mutable_data<double>(), 2,
                                                                                         3);
  map.row(0).setZero();
  CHECK(values(x) == std::vector<double>{0, 0, 0, 3, 4, 5});
  const Tensor again = as_tensor(map);
  CHECK(again.data<double>() == x.data<double>());
  CHECK(same_bits(again, x));
}

}  // namespace heed::test
