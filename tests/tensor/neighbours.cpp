// Parts that stand side by side are joined where they stand.
#include <heed/tensor/detail/neighbours.h>

#include <heed/tensor/error.h>
#include <heed/tensor/index.h>

#include "support/reference.h"

namespace heed::test {

TEST_CASE("the parts of a split are joined without a copy, others with one") {
  const Tensor x = random_tensor({3, 4, 6}, 1);
  for (int64_t dim = 0; dim < 3; ++dim) {
    const std::vector<Tensor> parts = split(x, 2, dim);
    const Tensor whole = join_neighbours(parts, dim);
    CHECK(same_bits(whole, x));
    CHECK(whole.storage().same_as(x.storage()));
    const Tensor across = join_neighbours({parts[1], parts[0]}, dim);
    CHECK(same_bits(across, cat({parts[1], parts[0]}, dim)));
    CHECK_FALSE(across.storage().same_as(x.storage()));
    CHECK(same_bits(join_neighbours({parts[0], clone(parts[1])}, dim), cat({parts[0], parts[1]}, dim)));
  }
  const std::vector<Tensor> ragged = split(x, std::vector<int64_t>{1, 0, 3}, 1);
  CHECK(same_bits(join_neighbours(ragged, 1), x));
  CHECK(same_bits(join_neighbours({narrow(x, 0, 0, 2), narrow(x, 0, 1, 2)}, 0),
                  cat({narrow(x, 0, 0, 2), narrow(x, 0, 1, 2)}, 0)));
  CHECK_THROWS_AS(join_neighbours({x, zeros({3, 4, 6}, DType::float64)}, 0), DTypeError);
  CHECK_THROWS_AS(join_neighbours({}, 0), ShapeError);
}

TEST_CASE("tensors made like neighbours are neighbours, and those made like others stand alone") {
  // Heads of queries, keys and values in one projection, (B, T, 3, heads, D) in memory.
  const Tensor projected = zeros({2, 5, 24});
  std::vector<Tensor> heads;
  for (const Tensor& part : split(projected, 8, -1)) {
    heads.push_back(transpose(reshape(part, {2, 5, 2, 4}), 1, 2));
  }
  std::vector<Tensor> rows;
  for (Tensor& each : empty_like_neighbours(heads)) {
    CHECK(each.shape() == Shape{2, 2, 5, 4});
    fill_(each, static_cast<double>(rows.size()));
    rows.push_back(reshape(transpose(each, 1, 2), {2, 5, 8}));
  }
  const Tensor whole = join_neighbours(rows, -1);
  CHECK(whole.storage().same_as(rows[0].storage()));
  CHECK(whole.is_contiguous());
  for (int64_t i = 0; i < 3; ++i) {
    CHECK(same_bits(narrow(whole, 2, 8 * i, 8), full({2, 5, 8}, static_cast<double>(i))));
  }
  const std::vector<Tensor> apart = empty_like_neighbours({heads[0], clone(heads[1]), strided(heads[2])});
  for (const Tensor& each : apart) {
    CHECK(each.strides().back() == 1);
    CHECK_FALSE((&each != &apart[0] && each.storage().same_as(apart[0].storage())));
  }
  CHECK(empty_like_neighbours({}).empty());
  CHECK(empty_like_neighbours({scalar(1), scalar(2)})[1].shape().empty());
}

}  // namespace heed::test
