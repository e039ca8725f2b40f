// Whether tensors share memory, against a list of the bytes of each.
#include <heed/tensor/overlap.h>

#include <algorithm>
#include <set>

#include "support/reference.h"

namespace heed::test {
namespace {

/// Strides put together by hand, within `memory`.
Tensor random_strides(const Tensor& memory, std::mt19937& engine) {
  const auto draw = [&engine](int64_t low, int64_t high) {
    return low + static_cast<int64_t>(engine() % static_cast<uint64_t>(high - low + 1));
  };
  const int64_t count = memory.storage().bytes() / size_of(memory.dtype());
  while (true) {
    Shape shape, strides;
    const int64_t offset = draw(0, count - 1);
    int64_t low = offset, high = offset;
    for (int64_t axis = draw(0, 3); axis > 0; --axis) {
      shape.push_back(draw(0, 9) == 0 ? 0 : draw(1, 4));
      strides.push_back(draw(-9, 12));
      const int64_t reach = (shape.back() - 1) * strides.back();
      (reach < 0 ? low : high) += reach;
    }
    if (low >= 0 && high < count) {
      return Tensor(memory.storage(), memory.dtype(), shape, strides, offset);
    }
  }
}

/// The bytes of all elements, each with all its own.
std::multiset<int64_t> bytes_of(const Tensor& x) {
  std::multiset<int64_t> bytes;
  for_each_index(x.shape(), [&](const Shape& index) {
    int64_t place = x.offset();
    for (int64_t axis = 0; axis < x.rank(); ++axis) {
      place += index[axis] * x.strides()[axis];
    }
    for (int64_t i = 0; i < size_of(x.dtype()); ++i) {
      bytes.insert(place * size_of(x.dtype()) + i);
    }
  });
  return bytes;
}

TEST_CASE("whether elements share memory is what a list of their bytes says") {
  std::mt19937 engine(5);
  const Tensor memory = zeros({48}, DType::float64);
  const Tensor halves(memory.storage(), DType::float32, {96}, {1}, 0);
  const Tensor flags(memory.storage(), DType::boolean, {384}, {1}, 0);
  int itself = 0, shared = 0;
  for (int i = 0; i < 20000; ++i) {
    const Tensor x = random_strides(memory, engine);
    const Tensor y = random_strides(i % 3 == 0 ? memory : i % 3 == 1 ? halves : flags, engine);
    const std::multiset<int64_t> bytes = bytes_of(x), others = bytes_of(y);
    const std::set<int64_t> distinct(bytes.begin(), bytes.end());
    CAPTURE(x.shape(), x.strides(), x.offset(), y.shape(), y.strides(), y.offset());
    CHECK(overlaps_itself(x) == (distinct.size() != bytes.size()));
    const bool meet = std::any_of(others.begin(), others.end(), [&](int64_t byte) { return distinct.contains(byte); });
    CHECK(shares_memory(x, y) == meet);
    CHECK(shares_memory(y, x) == meet);
    itself += overlaps_itself(x) ? 1 : 0;
    shared += meet ? 1 : 0;
  }
  CHECK(itself > 1000);
  CHECK(shared > 1000);
  CHECK_FALSE(shares_memory(memory, Tensor()));
  CHECK_FALSE(shares_memory(memory, zeros_like(memory)));
}

TEST_CASE("columns of a long matrix share no memory, whatever stands between them") {
  const Tensor x = zeros({100000, 6});
  const std::vector<Tensor> parts{narrow(x, 1, 0, 2), narrow(x, 1, 2, 3), narrow(x, 1, 5, 1),
                                  slice(narrow(x, 1, 3, 3), 1, 0, 3, 2)};
  CHECK_FALSE(shares_memory(parts[0], parts[1]));
  CHECK_FALSE(shares_memory(transpose(parts[0], 0, 1), parts[2]));
  CHECK(shares_memory(parts[1], parts[3]));
  CHECK_FALSE(overlaps_itself(transpose(parts[3], 0, 1)));
  CHECK_FALSE(find_shared(std::vector<const Tensor*>{&parts[2], nullptr, &parts[0], &parts[1]}));
  CHECK(find_shared(std::vector<const Tensor*>{&parts[2], nullptr, &parts[0], &parts[3]}) ==
        std::pair<size_t, size_t>{0, 3});
}

}  // namespace
}  // namespace heed::test
