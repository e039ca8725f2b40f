// Sorting, and the places of extremes.
#include <heed/tensor/sort.h>

#include <limits>

#include <heed/tensor/error.h>
#include <heed/tensor/index.h>
#include <heed/tensor/reduce.h>

#include "support/reference.h"

using namespace heed;
using namespace heed::test;

namespace {

constexpr float kNaN = std::numeric_limits<float>::quiet_NaN();
constexpr float kInf = std::numeric_limits<float>::infinity();

}  // namespace

TEST_CASE("equal elements keep their order in both directions") {
  const Tensor x = tensor({2, 1, 2, 1, 3});
  CHECK(argsort(x).to_vector<int64_t>() == std::vector<int64_t>{1, 3, 0, 2, 4});
  CHECK(argsort(x, 0, true).to_vector<int64_t>() == std::vector<int64_t>{4, 0, 2, 1, 3});
  CHECK(sort(x).values.to_vector<int64_t>() == std::vector<int64_t>{1, 1, 2, 2, 3});
  CHECK(topk(x, 2).indices.to_vector<int64_t>() == std::vector<int64_t>{4, 0});
  CHECK(topk(x, 3, 0, false).indices.to_vector<int64_t>() == std::vector<int64_t>{1, 3, 0});
  CHECK(sort(tensor({true, false, true})).indices.to_vector<int64_t>() == std::vector<int64_t>{1, 0, 2});
}

TEST_CASE("NaN counts as larger than any number") {
  const Tensor x = tensor({1.0F, kNaN, kInf, -kInf, kNaN});
  CHECK(argsort(x).to_vector<int64_t>() == std::vector<int64_t>{3, 0, 2, 1, 4});
  CHECK(argsort(x, 0, true).to_vector<int64_t>() == std::vector<int64_t>{1, 4, 2, 0, 3});
  CHECK(topk(x, 1).indices.item<int64_t>() == 1);
  CHECK(max_with_indices(x, 0).indices.item<int64_t>() == 1);
  CHECK(min_with_indices(x, 0).indices.item<int64_t>() == 1);
}

TEST_CASE("values stand where the indices say, along any axis, in any layout, at any number of threads") {
  const Tensor x = random_tensor({5, 60, 70}, 1);
  for (int64_t axis = 0; axis < 3; ++axis) {
    const SortResult<Tensor> result = sort(x, axis - 3, axis == 1);
    CHECK(same_bits(gather(x, axis, result.indices), result.values));
    CHECK(same_bits(argsort(x, axis, axis == 1), result.indices));
    CHECK(same_bits(sort(strided(x), axis, axis == 1).indices, result.indices));
    CHECK(same_bits(max_with_indices(x, axis).values, max(x, axis)));
    CHECK(same_bits(min_with_indices(x, axis, true).values, min(x, axis, true)));
    CHECK(same_bits(max_with_indices(x, axis).indices, argmax(x, axis)));
    check_threads([&] { return argsort(x, axis); });
  }
}

TEST_CASE("sorting refuses what it cannot do in its own name") {
  const Tensor x = zeros({2, 3});
  CHECK(message_of<IndexError>([&] { sort(x, 2); }) == "sort: axis 2 is out of range for rank 2");
  CHECK(message_of<IndexError>([&] { argsort(scalar(1)); }) == "argsort: axis -1 is out of range for rank 0");
  CHECK(message_of<ValueError>([&] { topk(x, 4); }) == "topk: k must be in 0 … 3, the size of axis 1 of (2, 3), got 4");
  CHECK(message_of<ShapeError>([] {
          max_with_indices(zeros({2, 0}), 1);
        }) == "max_with_indices: the axis must not be empty, got (2, 0) along axis 1");
  CHECK(message_of<DTypeError>([] { max_with_indices(zeros({2}, DType::boolean), 0); }) ==
        "max_with_indices: needs float32, float64 or int64, got bool");
}
