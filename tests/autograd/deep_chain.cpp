// A program of its own, so that `ulimit -s` can bound its stack: builds, differentiates and frees a chain of a million
// nodes. Exits 0 when the gradient is right and nothing is left.
#include "support/deep_chain.h"

#include <heed/autograd/node.h>

int main() {
  const bool right = heed::test::slope_of_deep_chain(1'000'000) == 1'000'001;
  return right && heed::live_nodes() == 0 ? 0 : 1;
}
