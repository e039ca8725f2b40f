// Anomaly mode: which operation, in which module, first made something that is not finite.
#include <heed/autograd/anomaly.h>

#include <limits>

#include <heed/autograd/backward.h>
#include <heed/autograd/elementwise.h>
#include <heed/autograd/reduce.h>
#include <heed/autograd/softmax.h>
#include <heed/tensor/create.h>
#include <heed/tensor/scope.h>

#include "support/reference.h"

namespace heed::test {
namespace {

Variable leaf(std::initializer_list<double> numbers) {
  return {from_vector(std::vector<double>(numbers), {static_cast<int64_t>(numbers.size())}), true};
}

TEST_CASE("anomaly mode names the operation and the module that made an infinity") {
  const std::string path = "encoder.lstm";
  const Variable x = leaf({1, 0});
  CHECK_NOTHROW(log(x));
  const AnomalyMode anomaly;
  const NameScope scope(path);
  CHECK(message_of<AnomalyError>([&] { log(x) * 2.0; }) ==
        "encoder.lstm: log: made a value that is not finite from finite inputs (output 0 of shape (2,))");
}

TEST_CASE("anomaly mode tells a bad input from a bad result") {
  const Variable x = leaf({1, std::numeric_limits<double>::quiet_NaN()});
  const AnomalyMode anomaly;
  CHECK(message_of<AnomalyError>([&] { x + x; }) ==
        "add: input 0 of shape (2,) has a value that is not finite, which no watched operation made");
}

TEST_CASE("a backward function of a watched operation is named with the module it was recorded in") {
  const std::string path = "decoder.norm";
  const Variable x = leaf({4, 0});
  Variable loss;
  {
    const AnomalyMode anomaly;
    const NameScope scope(path);
    loss = sum(sqrt(x));
  }
  CHECK(message_of<AnomalyError>([&] { backward(loss); }) ==
        "decoder.norm: backward of sqrt: made a gradient of input 0 that is not finite");
  CHECK(!x.grad().defined());
}

TEST_CASE("whatever a backward function of a watched operation throws starts with its module and name") {
  const std::string path = "decoder.norm";
  Variable x = leaf({4, 9});
  Variable loss;
  {
    const AnomalyMode anomaly;
    const NameScope scope(path);
    loss = sum(sin(x));
  }
  fill_(x.mutable_value(), 1);
  const std::string message = message_of<GraphError>([&] { backward(loss); });
  CHECK(message.find("decoder.norm: backward of sin: sin: a value of shape (2,) that it saved") == 0);
}

TEST_CASE("without a module the operation alone is named, and recorded before, too, while the mode is on") {
  const Variable x = leaf({0});
  const std::string expected = "backward of sqrt: made a gradient of input 0 that is not finite";
  Variable watched;
  {
    const AnomalyMode anomaly;
    watched = sqrt(x);
  }
  CHECK(message_of<AnomalyError>([&] { backward(watched); }) == expected);
  const Variable plain = sqrt(x);
  const AnomalyMode anomaly;
  CHECK(message_of<AnomalyError>([&] { backward(plain); }) == expected);
}

TEST_CASE("an infinity that was asked for passes anomaly mode") {
  const AnomalyMode anomaly;
  const Variable x(tensor({1.0, 2.0}), true);
  const double infinity = std::numeric_limits<double>::infinity();
  const Tensor second = tensor({false, true});
  for (const Variable& scores : {masked_fill(x, second, -infinity), where(second, -infinity, x)}) {
    CHECK(values(softmax(scores, 0).value()) == std::vector<double>{1, 0});
    CHECK_THROWS_AS(sum(scores), AnomalyError);
  }
}

TEST_CASE("outside anomaly mode what is not finite passes") {
  const Variable x = leaf({0});
  {
    const AnomalyMode anomaly;
    const AnomalyMode off(false);
    CHECK_NOTHROW(log(x));
  }
  CHECK(!AnomalyMode::enabled());
  CHECK_NOTHROW(backward(sqrt(x)));
}

TEST_CASE("intermediate infinities of a backward function that do not reach its gradients pass") {
  const Variable base = leaf({0, 2}), exponent = leaf({0, 3});
  const AnomalyMode anomaly;
  CHECK_NOTHROW(backward(sum(pow(base, exponent))));
  check_close(values(base.grad()), {0, 12}, 1e-12);
  check_close(values(exponent.grad()), {0, 8 * std::log(2)}, 1e-12);
}

}  // namespace
}  // namespace heed::test
