#include <heed/tensor/create.h>
#include <heed/tensor/error.h>
#include <heed/tensor/scope.h>
#include <heed/tensor/tensor.h>
#include <heed/tensor/view.h>

#include <cmath>
#include <limits>

#include "support/catch.h"
#include "support/sanitizers.h"

using namespace heed;

TEST_CASE("an undefined tensor holds nothing and says so") {
  const Tensor x;
  CHECK_FALSE(x.defined());
  CHECK_THROWS_WITH(x.data<float>(), "data: the tensor is undefined");
  CHECK_THROWS_AS(x.item(), ShapeError);
}

TEST_CASE("data refuses another element type") {
  const Tensor x = zeros({2});
  CHECK_THROWS_WITH(x.data<double>(), "data: elements are float32, asked for as float64");
}

TEST_CASE("item converts the only element and refuses more") {
  CHECK(scalar(2.5).item() == 2.5);
  CHECK(tensor<int64_t>({7}).item<int64_t>() == 7);
  const int64_t large = (int64_t{1} << 53) + 1;
  CHECK(tensor<int64_t>({large}).item<int64_t>() == large);
  CHECK(tensor<bool>({true}).item<int64_t>() == 1);
  CHECK_THROWS_WITH(zeros({2, 1}).item(), "item: needs exactly one element, got shape (2, 1)");
  CHECK_THROWS_AS(zeros({0}).item(), ShapeError);
}

TEST_CASE("at reads one element of any view") {
  const Tensor x = transpose(reshape(arange(6), {2, 3}), 0, 1);
  CHECK(x.at({2, 1}) == 5);
  CHECK(x.at({-1, 0}) == 2);
  CHECK_THROWS_AS(x.at({3, 0}), IndexError);
  CHECK_THROWS_AS(x.at({0}), IndexError);
}

TEST_CASE("copies share storage, and writing shows in the version of all of them") {
  Tensor x = zeros({3});
  const Tensor same = x;
  const Tensor part = slice(x, 0, 1, 2);
  const uint64_t before = part.version();
  x.mutable_data<float>()[1] = 4;
  CHECK(same.to_vector<float>() == std::vector<float>{0, 4, 0});
  CHECK(part.item() == 4);
  CHECK(part.version() > before);
}

TEST_CASE("a scope's name stands in front of errors, the innermost one only") {
  const std::string outer = "encoder", inner = "encoder.lstm";
  const NameScope a(outer);
  {
    const NameScope b(inner);
    CHECK_THROWS_WITH(zeros({2}).item(), "encoder.lstm: item: needs exactly one element, got shape (2,)");
  }
  CHECK_THROWS_WITH(zeros({2}).item(), "encoder: item: needs exactly one element, got shape (2,)");
}

TEST_CASE("every kind of error is a heed::Error and a std::runtime_error") {
  CHECK_THROWS_AS(zeros({2}).item(), Error);
  CHECK_THROWS_AS(zeros({2}).item(), std::runtime_error);
}

TEST_CASE("freed blocks are used again") {
  const Shape shape{123, 457};
  { const Tensor warm = zeros(shape); }
  const AllocatorStats before = allocator_stats();
  for (int i = 0; i < 10; ++i) {
    const Tensor x = ones(shape);
    CHECK(x.at({5, 6}) == 1);
  }
  if (!test::kAddressSanitizer) {  // under it nothing is kept, so that it sees the use of freed memory
    CHECK(allocator_stats().system_allocations == before.system_allocations);
  }
  CHECK(allocator_stats().bytes_in_use == before.bytes_in_use);
}

TEST_CASE("cached memory can be given back, and peaks are counted") {
  { const Tensor x = zeros({1 << 16}); }
  CHECK((allocator_stats().bytes_cached > 0) == !test::kAddressSanitizer);
  release_cached_memory();
  CHECK(allocator_stats().bytes_cached == 0);
  reset_peak_bytes();
  const int64_t base = allocator_stats().peak_bytes_in_use;
  { const Tensor x = zeros({1 << 16}); }
  CHECK(allocator_stats().peak_bytes_in_use >= base + (int64_t{1} << 18));
  CHECK(allocator_stats().peak_bytes_in_use < base + (int64_t{1} << 19));
}

TEST_CASE("storage is aligned to 64 bytes at every size") {
  for (const int64_t n : {1, 3, 17, 100, 1000, 12345}) {
    const Tensor x = empty({n});
    CHECK(reinterpret_cast<uintptr_t>(x.data<float>()) % 64 == 0);
    CHECK(x.storage().bytes() >= 4 * n);
  }
}
