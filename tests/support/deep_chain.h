// A graph as deep as it has nodes.
#pragma once

#include <heed/autograd/backward.h>
#include <heed/autograd/elementwise.h>
#include <heed/tensor/create.h>

namespace heed::test {

/// x + x + … + x, `depth` additions one upon the other, differentiated: depth + 1. The graph is gone afterwards.
inline double slope_of_deep_chain(int64_t depth) {
  const Variable x(scalar(1, DType::float64), true);
  Variable y = x;
  for (int64_t i = 0; i < depth; ++i) {
    y = y + x;
  }
  backward(y);
  return x.grad().item();
}

}  // namespace heed::test
