// Joining, splitting and indexing against references.
#include <heed/tensor/index.h>

#include <heed/tensor/elementwise.h>
#include <heed/tensor/error.h>

#include "support/index_references.h"

using namespace heed;
using namespace heed::test;

namespace {

constexpr DType kDTypes[] = {DType::float32, DType::float64, DType::int64, DType::boolean};

Tensor random_indices(const Shape& shape, int64_t size, uint32_t seed) {
  std::mt19937 engine(seed);
  std::vector<int64_t> values(static_cast<size_t>(shape.numel()));
  for (int64_t& value : values) {
    value = static_cast<int64_t>(engine() % static_cast<uint64_t>(size));
  }
  return from_vector(values, shape);
}

}  // namespace

TEST_CASE("cat and stack put every element where it belongs") {
  for (const DType dtype : kDTypes) {
    const Tensor a = random_tensor({2, 3, 4}, 1, dtype), b = random_tensor({2, 5, 4}, 2, dtype);
    const Tensor none = zeros({2, 0, 4}, dtype);
    const Tensor joined = cat({a, none, strided(b)}, -2);
    REQUIRE(joined.shape() == Shape{2, 8, 4});
    for_each_index(joined.shape(), [&](const Shape& i) {
      CHECK(joined.at(i) == (i[1] < 3 ? a.at(i) : b.at({i[0], i[1] - 3, i[2]})));
    });
    const Tensor c = random_tensor({2, 3, 4}, 3, dtype);
    for (int64_t axis = 0; axis < 4; ++axis) {
      const Tensor both = stack({a, strided(c)}, axis);
      CHECK(same_bits(select(both, axis, 0), a));
      CHECK(same_bits(select(both, axis, 1), c));
    }
  }
  CHECK(stack({scalar(1), scalar(2)}).to_vector<float>() == std::vector<float>{1, 2});
  CHECK_THROWS_AS(cat({}), ShapeError);
  CHECK_THROWS_AS(stack({}), ShapeError);
  CHECK_THROWS_AS(cat({ones({2, 3}), arange(6)}), DTypeError);
  CHECK(message_of<ShapeError>([] {
          cat({ones({2, 3}), ones({2, 4})});
        }) == "cat: shapes must agree off the axis, got (2, 3) and (2, 4)");
  CHECK_THROWS_AS(stack({ones({2, 3}), ones({2, 4})}), ShapeError);
  CHECK_THROWS_AS(cat({scalar(1)}), IndexError);
}

TEST_CASE("split gives views that join to the whole") {
  CHECK(split(zeros({2, 0}), 3, 1).size() == 1);
  CHECK(split(zeros({2, 0}), 3, 1)[0].shape() == Shape{2, 0});
  const Tensor x = strided(random_tensor({3, 7, 2}, 4));
  for (int64_t axis = 0; axis < 3; ++axis) {
    const std::vector<Tensor> parts = split(x, 2, axis);
    CHECK(same_bits(cat(parts, axis), x));
    CHECK(parts[0].storage().same_as(x.storage()));
  }
  CHECK(split(x, 2, 1).size() == 4);
  CHECK(same_bits(cat(split(x, {4, 0, 3}, 1), 1), x));
  CHECK(split(x, {7}, 1).size() == 1);
  CHECK_THROWS_AS(split(x, {3}, 1), ShapeError);  // a list of one is a list
  CHECK_THROWS_AS(split(x, 0, 1), ValueError);
  CHECK_THROWS_AS(split(x, {4, 2}, 1), ShapeError);
  CHECK_THROWS_AS(split(x, {4, 4}, 1), ShapeError);
}

TEST_CASE("flip reverses the axes it is given") {
  for (const DType dtype : kDTypes) {
    const Tensor x = random_tensor({2, 3, 5}, 5, dtype);
    for (const Tensor& source : {x, strided(x)}) {
      const Tensor y = flip(source, {0, -1});
      CHECK(values(y) == flip_reference(array_of(x), {0, 2}).values);
      CHECK(same_bits(flip(source, {}), x));
      CHECK(same_bits(flip(flip(source, {0, 1, 2}), {2, 1, 0}), x));
    }
  }
  CHECK(flip(zeros({0, 3}), {0}).shape() == Shape{0, 3});
  CHECK_THROWS_AS(flip(ones({2}), {0, 0}), IndexError);
}

TEST_CASE("gather reads and scatter_add writes the places an index names") {
  for (int64_t axis = 0; axis < 3; ++axis) {
    const Tensor x = random_tensor({4, 5, 6}, 6, DType::float64);
    const Tensor index = random_indices(moved({3, 4, 5}, axis, 9), x.size(axis), 7);
    const Tensor y = gather(x, axis, index);
    REQUIRE(y.shape() == index.shape());
    CHECK(values(y) == gather_reference(array_of(x), axis, array_of(index)).values);
    CHECK(same_bits(gather(strided(x), axis - 3, strided(index)), y));

    const Tensor source = random_tensor(index.shape(), 8, DType::float64);
    const Tensor sum = scatter_add(x, axis, index, source);
    CHECK(values(sum) == scatter_add_reference(array_of(x), axis, array_of(index), array_of(source)).values);
    CHECK(same_bits(scatter_add(strided(x), axis, strided(index), strided(source)), sum));
  }
  const Tensor whole = scatter_add(zeros({2}, DType::int64), 0, tensor<int64_t>({1, 1}), tensor<int64_t>({3, 4}));
  CHECK(whole.to_vector<int64_t>() == std::vector<int64_t>{0, 7});
  CHECK(gather(ones({2, 3}), 1, zeros({2, 0}, DType::int64)).shape() == Shape{2, 0});
}

TEST_CASE("index_select reads and index_add writes the slices an index names") {
  for (const DType dtype : {DType::float32, DType::float64, DType::int64}) {
    const Tensor x = random_tensor({4, 5, 6}, 9, dtype, -9, 9);
    for (int64_t axis = 0; axis < 3; ++axis) {
      const Tensor index = random_indices({8}, x.size(axis), 10);
      const Tensor y = index_select(x, axis, index);
      CHECK(values(y) == index_select_reference(array_of(x), axis, array_of(index)).values);
      CHECK(same_bits(index_select(strided(x), axis, strided(index)), y));
      const Tensor source = random_tensor(y.shape(), 11, dtype, -9, 9);
      const Tensor sum = index_add(x, axis, index, source);
      const Array expected = index_add_reference(array_of(x), axis, array_of(index), array_of(source));
      check_close(values(sum), expected.values, dtype == DType::float32 ? 1e-6 : 1e-15);
      CHECK(same_bits(index_add(strided(x), axis, strided(index), strided(source)), sum));
    }
  }
  CHECK(index_select(ones({2, 3}), 0, zeros({0}, DType::int64)).shape() == Shape{0, 3});
}

TEST_CASE("embedding looks up rows for ids of any shape") {
  const Tensor weight = random_tensor({7, 5}, 12);
  for (const Shape& shape : {Shape{}, Shape{3}, Shape{2, 3}, Shape{0, 4}}) {
    const Tensor ids = random_indices(shape, 7, 13);
    const Tensor rows = embedding(weight, ids);
    Shape expected = shape;
    expected.push_back(5);
    REQUIRE(rows.shape() == expected);
    CHECK(values(rows) == embedding_reference(array_of(weight), array_of(ids)).values);
    CHECK(same_bits(embedding(strided(weight), strided(ids)), rows));
  }
  CHECK(message_of<IndexError>([&] {
          embedding(weight, tensor<int64_t>({0, -1}));
        }) == "embedding: index -1 at (1,) is out of range for size 7");
  CHECK_THROWS_AS(embedding(weight, ones({2})), DTypeError);
  CHECK_THROWS_AS(embedding(ones({3}), tensor<int64_t>({0})), ShapeError);
}

TEST_CASE("an index out of range is named with its place before anything is written") {
  Tensor index = zeros({3, 4}, DType::int64);
  Tensor one = narrow(narrow(index, 0, 2, 1), 1, 1, 1);
  fill_(one, 7);
  CHECK(message_of<IndexError>([&] {
          gather(ones({3, 5}), 1, index);
        }) == "gather: index 7 at (2, 1) is out of range for size 5");
  CHECK(message_of<IndexError>([&] {
          gather(ones({5, 4}), 0, strided(index));
        }) == "gather: index 7 at (2, 1) is out of range for size 5");
  CHECK_THROWS_AS(scatter_add(ones({3, 5}), 1, index, ones({3, 4})), IndexError);
  CHECK_THROWS_AS(index_select(ones({3, 5}), 1, tensor<int64_t>({5})), IndexError);
  CHECK_THROWS_AS(index_add(ones({3, 5}), 1, tensor<int64_t>({-1}), ones({3, 1})), IndexError);
  CHECK_THROWS_AS(gather(ones({3, 5}), 2, index), IndexError);
  CHECK_THROWS_AS(gather(ones({2, 5}), 1, index), ShapeError);
  CHECK_THROWS_AS(gather(ones({5}), 0, index), ShapeError);
  CHECK_THROWS_AS(gather(ones({3, 5}), 1, ones({3, 4})), DTypeError);
  CHECK_THROWS_AS(scatter_add(ones({3, 9}), 1, index, ones({3, 5})), ShapeError);
  CHECK_THROWS_AS(scatter_add(ones({3, 9}), 1, index, ones({3, 4}, DType::float64)), DTypeError);
  CHECK_THROWS_AS(index_select(ones({3, 5}), 0, index), ShapeError);
  CHECK_THROWS_AS(index_add(ones({3, 5}), 0, tensor<int64_t>({0}), ones({2, 5})), ShapeError);
}

TEST_CASE("masks hide the future and the padding") {
  const Tensor causal = causal_mask(3, 4, 1);
  for_each_index(causal.shape(), [&](const Shape& i) { CHECK((causal.at(i) != 0) == (i[1] > i[0] + 1)); });
  const Tensor padding = padding_mask(tensor<int64_t>({0, 2, 4}), 4);
  const Tensor lengths = tensor<int64_t>({0, 2, 4});
  for_each_index(padding.shape(), [&](const Shape& i) { CHECK((padding.at(i) != 0) == (i[1] >= lengths.at({i[0]}))); });
  CHECK(padding_mask(zeros({0}, DType::int64), 3).shape() == Shape{0, 3});
  CHECK(message_of<ValueError>([] {
          padding_mask(tensor<int64_t>({1, 5}), 4);
        }) == "padding_mask: lengths must be between 0 and 4, got 5 at 1");
  CHECK_THROWS_AS(padding_mask(ones({2}), 4), DTypeError);
}

TEST_CASE("indexing gives the same bits on any number of threads") {
  const Tensor x = random_tensor({300, 250}, 14), source = random_tensor({300, 250}, 15);
  const Tensor index = random_indices({300, 250}, 250, 16), rows = random_indices({300}, 300, 17);
  check_threads([&] { return gather(x, 1, index); });
  check_threads([&] { return scatter_add(x, 1, index, source); });
  check_threads([&] { return scatter_add(x, 0, index, source); });
  check_threads([&] { return index_add(x, 0, rows, source); });
  check_threads([&] { return embedding(x, rows); });
}
