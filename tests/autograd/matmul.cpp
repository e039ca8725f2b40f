// What products do beyond the op table: views.
#include <heed/autograd/matmul.h>

#include <heed/autograd/backward.h>
#include <heed/autograd/view.h>

#include "support/reference.h"

namespace heed::test {

TEST_CASE("linear takes a (B, T, N) view of (T, B, N) memory, with the same bits out") {
  const Variable steps_first(random_tensor({5, 3, 4}, 1, DType::float64), true);
  const Variable weight(random_tensor({6, 4}, 2, DType::float64), true),
      bias(random_tensor({6}, 3, DType::float64), true);
  const Variable viewed = transpose(steps_first, 0, 1), copied(contiguous(viewed.value()), true);
  const Variable got = linear(viewed, weight, bias), wanted = linear(copied, weight, bias);
  CHECK(same_bits(got.value(), wanted.value()));
  const Variable cotangent(random_tensor({3, 5, 6}, 4, DType::float64));
  const auto gradients = [&](const Variable& y, const Variable& x) {
    return grad({y}, {x, weight, bias}, {.gradients = {cotangent}});
  };
  const std::vector<Variable> here = gradients(got, viewed), there = gradients(wanted, copied);
  for (size_t i = 0; i < here.size(); ++i) {
    CAPTURE(i);
    check_close(here[i].value(), there[i].value(), 1e-13);
  }
}

}  // namespace heed::test
