// Recording switched off and on.
#include <thread>

#include <heed/autograd/backward.h>
#include <heed/autograd/elementwise.h>
#include <heed/autograd/grad_mode.h>
#include <heed/autograd/node.h>

#include "support/reference.h"

namespace heed::test {
namespace {

TEST_CASE("nothing is recorded inside NoGrad, and scopes nest") {
  const Variable x(random_tensor({3}, 1), true);
  CHECK(grad_enabled());
  {
    const NoGrad no_grad;
    CHECK(!grad_enabled());
    CHECK(!(x * 2.0).requires_grad());
    CHECK(live_nodes() == 0);
    {
      const GradMode recording(true);
      CHECK((x * 2.0).requires_grad());
    }
    CHECK(!grad_enabled());
  }
  CHECK((x * 2.0).requires_grad());
}

TEST_CASE("recording is switched for one thread only") {
  const NoGrad no_grad;
  bool elsewhere = false;
  std::thread([&elsewhere] { elsewhere = grad_enabled(); }).join();
  CHECK(elsewhere);
}

TEST_CASE("a backward function runs without recording unless its graph is asked for") {
  const Variable x(scalar(2, DType::float64), true);
  std::vector<bool> seen;
  const auto observing = [&seen](const Variable& v) {
    return make_variable("observing", v.value(), {v}, [&seen](const BackwardContext& context) -> Gradients {
      seen.push_back(grad_enabled());
      return {context.grad()};
    });
  };
  backward(observing(x));
  grad({observing(x)}, {x}, {.create_graph = true});
  {
    const NoGrad no_grad;  // switching off reaches new operations, not gradients of recorded ones
    const GradMode recording(true);
    backward(observing(x));
  }
  CHECK(seen == std::vector<bool>{false, true, false});
  CHECK(grad_enabled());
}

}  // namespace
}  // namespace heed::test
