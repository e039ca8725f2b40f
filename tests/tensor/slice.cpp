// Slices of several axes at once.
#include <heed/tensor/slice.h>

#include <heed/tensor/elementwise.h>
#include <heed/tensor/error.h>

#include "support/reference.h"

using namespace heed;
using namespace heed::test;

TEST_CASE("a slice of several axes is a view that can be written in one line") {
  Tensor x = zeros({3, 4}, DType::int64);
  fill_(slice(x, {0, {1, 3}}), 1);
  fill_(slice(x, {{1, kEnd}, -1}), 2);
  copy_(slice(x, {2, Slice(0, 4, 2)}), tensor({7, 8}));
  CHECK(x.to_vector<int64_t>() == std::vector<int64_t>{0, 1, 1, 0, 0, 0, 0, 2, 7, 0, 8, 2});
  CHECK(slice(x, {}).storage().same_as(x.storage()));
  CHECK(slice(x, {0, 1}).item<int64_t>() == 1);
  CHECK(same_bits(slice(x, {{}, 1}), select(x, 1, 1)));
  CHECK(same_bits(slice(x, {{-2, kEnd}}), narrow(x, 0, 1, 2)));
  CHECK(same_bits(slice(x, {{1, {}}}), narrow(x, 0, 1, 2)));
  CHECK(same_bits(slice(x, {{{}, 2}}), narrow(x, 0, 0, 2)));
  CHECK(same_bits(slice(x, {{}, {{}, {}, 1}}), x));
  CHECK(same_bits(slice(x, {Slice(), {0, -1}}), narrow(x, 1, 0, 3)));
}

TEST_CASE("a slice that does not fit is refused in its own name") {
  const Tensor x = zeros({3, 4});
  CHECK(message_of<IndexError>([&] { slice(x, {0, 4}); }) == "slice: index 4 is out of range for axis 1 of (3, 4)");
  CHECK(message_of<IndexError>([&] {
          slice(x, {0, 0, 0});
        }) == "slice: needs at most one part per axis of (3, 4), got 3");
  CHECK_THROWS_AS(slice(x, {{0, 2, 0}}), ValueError);
}
