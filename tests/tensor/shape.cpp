#include <heed/tensor/error.h>
#include <heed/tensor/shape.h>

#include <sstream>

#include "support/catch.h"

using namespace heed;

namespace {
std::string text(const Shape& shape) {
  std::ostringstream out;
  out << shape;
  return out.str();
}
}  // namespace

TEST_CASE("a shape prints as a Python tuple") {
  CHECK(text({}) == "()");
  CHECK(text({5}) == "(5,)");
  CHECK(text({2, 0, 3}) == "(2, 0, 3)");
}

TEST_CASE("numel multiplies sizes and refuses what does not fit") {
  CHECK(Shape().numel() == 1);
  CHECK(Shape({2, 3, 4}).numel() == 24);
  CHECK(Shape({2, 0, 4}).numel() == 0);
  CHECK_THROWS_AS(Shape({2, -3}).numel(), ShapeError);
  const int64_t huge = int64_t{1} << 40;
  CHECK_THROWS_AS(Shape({huge, huge}).numel(), ShapeError);
  // Zero elements, and yet sizes whose product overflows.
  CHECK(Shape({huge, 0}).numel() == 0);
}

TEST_CASE("a shape holds at most eight axes") {
  CHECK(Shape({1, 2, 3, 4, 5, 6, 7, 8}).rank() == 8);
  CHECK_THROWS_AS(Shape({1, 2, 3, 4, 5, 6, 7, 8, 9}), ShapeError);
  Shape full{1, 2, 3, 4, 5, 6, 7, 8};
  CHECK_THROWS_AS(full.push_back(9), ShapeError);
}

TEST_CASE("insert and erase keep the other sizes in order") {
  Shape shape{2, 3};
  shape.insert(1, 9);
  CHECK(shape == Shape({2, 9, 3}));
  shape.insert(0, 8);
  shape.push_back(7);
  CHECK(shape == Shape({8, 2, 9, 3, 7}));
  shape.erase(2);
  shape.erase(0);
  CHECK(shape == Shape({2, 3, 7}));
}

TEST_CASE("shapes broadcast by NumPy's rule") {
  CHECK(broadcast_shapes({3, 1, 5}, {4, 1}, "op") == Shape({3, 4, 5}));
  CHECK(broadcast_shapes({4, 1}, {3, 1, 5}, "op") == Shape({3, 4, 5}));
  CHECK(broadcast_shapes({}, {2, 3}, "op") == Shape({2, 3}));
  CHECK(broadcast_shapes({0}, {1}, "op") == Shape({0}));
  CHECK(broadcast_shapes({2, 1}, {0}, "op") == Shape({2, 0}));
  CHECK_THROWS_AS(broadcast_shapes({0}, {3}, "op"), ShapeError);
  CHECK_THROWS_WITH(broadcast_shapes({2, 3}, {2}, "add"), "add: shapes do not broadcast, got (2, 3) and (2,)");
}

TEST_CASE("axes count from either end and are checked") {
  CHECK(normalize_dim(-1, 3, "op") == 2);
  CHECK(normalize_dim(0, 3, "op") == 0);
  CHECK_THROWS_WITH(normalize_dim(3, 3, "sum"), "sum: axis 3 is out of range for rank 3");
  CHECK_THROWS_AS(normalize_dim(0, 0, "op"), IndexError);
  CHECK(normalize_dims({-1, 0}, 3, "op") == Shape({0, 2}));
  CHECK_THROWS_AS(normalize_dims({-1, 2}, 3, "op"), IndexError);
}
