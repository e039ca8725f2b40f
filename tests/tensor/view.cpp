#include <heed/tensor/create.h>
#include <heed/tensor/error.h>
#include <heed/tensor/view.h>

#include <cstdlib>

#include "support/catch.h"

using namespace heed;
using Values = std::vector<int64_t>;

namespace {
Tensor counted(const Shape& shape) { return reshape(arange(shape.numel()), shape); }
}  // namespace

TEST_CASE("views share storage") {
  const Tensor x = counted({2, 3, 4});
  for (const Tensor& view :
       {transpose(x, 0, 2), permute(x, {1, 2, 0}), slice(x, 1, 0, 3, 2), narrow(x, 2, 1, 2), select(x, 0, 1),
        expand(unsqueeze(x, 0), {5, 2, 3, 4}), squeeze(unsqueeze(x, 3), 3), reshape(x, {6, 4}), flatten(x)}) {
    CHECK(view.storage().same_as(x.storage()));
  }
}

TEST_CASE("transpose and permute reorder axes") {
  const Tensor x = counted({2, 3});
  CHECK(transpose(x, 0, -1).to_vector<int64_t>() == Values{0, 3, 1, 4, 2, 5});
  CHECK(permute(counted({2, 1, 3}), {2, 0, 1}).shape() == Shape({3, 2, 1}));
  CHECK_THROWS_AS(permute(x, {0, 0}), IndexError);
  CHECK_THROWS_AS(permute(x, {0}), IndexError);
  CHECK_THROWS_AS(transpose(x, 0, 2), IndexError);
}

TEST_CASE("slice takes Python's bounds and a step") {
  const Tensor x = arange(10);
  CHECK(slice(x, 0, 2, 8, 3).to_vector<int64_t>() == Values{2, 5});
  CHECK(slice(x, 0, -3, 100).to_vector<int64_t>() == Values{7, 8, 9});
  CHECK(slice(x, 0, 5, 2).numel() == 0);
  CHECK(slice(x, 0, 20, 30).numel() == 0);
  CHECK(slice(slice(x, 0, 0, 10, 2), 0, 1, 5, 2).to_vector<int64_t>() == Values{2, 6});
  CHECK_THROWS_WITH(slice(x, 0, 0, 3, 0), "slice: the step must be at least 1, got 0");
}

TEST_CASE("narrow and select refuse what is not there") {
  const Tensor x = counted({3, 4});
  CHECK(narrow(x, 1, 1, 2).to_vector<int64_t>() == Values{1, 2, 5, 6, 9, 10});
  CHECK(narrow(x, 0, 3, 0).numel() == 0);
  CHECK_THROWS_AS(narrow(x, 0, 2, 2), IndexError);
  CHECK_THROWS_AS(narrow(x, 0, -1, 1), IndexError);
  CHECK(select(x, 0, -1).to_vector<int64_t>() == Values{8, 9, 10, 11});
  CHECK_THROWS_WITH(select(x, 1, 4), "select: index 4 is out of range for axis 1 of (3, 4)");
}

TEST_CASE("expand repeats axes of size one without memory") {
  const Tensor x = reshape(arange(3), {3, 1});
  const Tensor y = expand(x, {2, -1, 4});
  CHECK(y.shape() == Shape({2, 3, 4}));
  CHECK(y.at({1, 2, 3}) == 2);
  CHECK(y.strides() == Shape({0, 1, 0}));
  CHECK(expand(x, {3, 0}).numel() == 0);
  CHECK_THROWS_AS(expand(x, {2, 1}), ShapeError);
  CHECK_THROWS_AS(expand(x, {3}), ShapeError);
}

TEST_CASE("squeeze and unsqueeze remove and add axes of size one") {
  const Tensor x = counted({1, 3, 1});
  CHECK(squeeze(x).shape() == Shape({3}));
  CHECK(squeeze(x, 0).shape() == Shape({3, 1}));
  CHECK(squeeze(x, 1).shape() == Shape({1, 3, 1}));
  CHECK(unsqueeze(arange(3), -1).shape() == Shape({3, 1}));
  CHECK(unsqueeze(scalar(1), 0).shape() == Shape({1}));
  CHECK_THROWS_AS(unsqueeze(x, 5), IndexError);
}

TEST_CASE("reshape infers one size and checks the rest") {
  const Tensor x = counted({2, 6});
  CHECK(reshape(x, {3, -1}).shape() == Shape({3, 4}));
  CHECK(reshape(scalar(3), {1, 1}).shape() == Shape({1, 1}));
  CHECK(reshape(zeros({0, 4}), {2, 0}).shape() == Shape({2, 0}));
  CHECK_THROWS_WITH(reshape(x, {5, -1}), "reshape: cannot make (5, -1) of 12 elements");
  CHECK_THROWS_WITH(reshape(x, {-1, -1}), "reshape: sizes must not be negative, but for one -1, got (-1, -1)");
  CHECK_THROWS_AS(reshape(zeros({0}), {0, -1}), ShapeError);
}

TEST_CASE("reshape makes a view whenever strides allow one, and is right whether or not they do") {
  // Every order of axes of (2, 1, 3, 4), cut or not, to every factorisation tried: values must be those of a plain
  // copy.
  const Tensor base = counted({2, 1, 3, 4});
  int views = 0, copies = 0;
  for (const Dims& order : {Dims{0, 1, 2, 3}, Dims{3, 2, 1, 0}, Dims{0, 2, 1, 3}, Dims{2, 3, 0, 1}, Dims{1, 0, 3, 2}}) {
    for (const Tensor& x :
         {permute(base, order), slice(permute(base, order), 0, 0, 1), slice(permute(base, order), 2, 0, 9, 2)}) {
      for (const Shape& shape :
           {Shape{-1}, Shape{x.numel(), 1}, Shape{2, -1}, Shape{1, -1, 2}, Shape{2, 1, -1}, Shape{-1, 3}}) {
        if (x.numel() % 2 != 0 || (shape.back() == 3 && x.numel() % 3 != 0)) {
          continue;
        }
        const Tensor y = reshape(x, shape);
        CHECK(y.to_vector<int64_t>() == clone(x).to_vector<int64_t>());
        const bool shared = y.storage().same_as(x.storage());
        CHECK(shared == can_view(x, shape));
        ++(shared ? views : copies);
      }
    }
  }
  CHECK(views > 30);
  CHECK(copies > 10);
}

TEST_CASE("merging and splitting axes of strided tensors needs no copy where it must not") {
  const Tensor x = counted({4, 6, 5});
  CHECK(can_view(slice(x, 0, 0, 4, 2), {2, 30}));
  CHECK(can_view(slice(x, 2, 0, 3), {4, 2, 3, 3}));
  CHECK_FALSE(can_view(slice(x, 2, 0, 3), {4, 18}));
  CHECK_FALSE(can_view(transpose(x, 0, 1), {24, 5}));
}

TEST_CASE("flatten makes a range of axes one") {
  const Tensor x = counted({2, 3, 4});
  CHECK(flatten(x).shape() == Shape({24}));
  CHECK(flatten(x, 1).shape() == Shape({2, 12}));
  CHECK(flatten(x, 0, 1).shape() == Shape({6, 4}));
  CHECK(flatten(scalar(1)).shape() == Shape({1}));
  CHECK_THROWS_AS(flatten(x, 2, 1), IndexError);
}
