// The checker itself: it must find wrong gradients.
#include <heed/autograd/gradcheck.h>

#include <heed/autograd/elementwise.h>
#include <heed/autograd/grad_mode.h>
#include <heed/autograd/node.h>
#include <heed/autograd/reduce.h>
#include <heed/tensor/error.h>

#include "support/reference.h"

namespace heed::test {
namespace {

Variable leaf() { return {random_tensor({2, 3}, 1, DType::float64), true}; }

/// 2 x², with `slope` times x as its gradient; right for 4. Where `second` is not 1 the gradient's own gradient is
/// wrong.
VariableFunction square(double slope, double second = 1) {
  return [slope, second](const std::vector<Variable>& x) {
    return std::vector{make_variable("square", mul(mul(x[0].value(), x[0].value()), 2), {x[0]},
                                     [slope, second, in = Saved(x[0])](const BackwardContext& context) -> Gradients {
                                       const Variable input = in.unpack(context);
                                       const Variable bent = input * second + input.detach() * (1 - second);
                                       return {context.grad() * bent * slope};
                                     })};
  };
}

TEST_CASE("gradcheck accepts right gradients and finds wrong ones") {
  CHECK(gradcheck(square(4), {leaf()}).ok);
  const GradcheckResult wrong = gradcheck(square(4.1), {leaf()});
  CHECK(!wrong);
  CHECK(wrong.message.find("gradient of input 0 (2, 3), element 0: got ") == 0);
}

TEST_CASE("an input moved in place is as it was after the function has thrown") {
  const Variable x = leaf();
  const std::vector<double> before = x.value().to_vector<double>();
  int calls = 0;
  const VariableFunction fails = [&calls](const std::vector<Variable>& inputs) {
    check(++calls < 3, "fails", "was called too often");
    return std::vector{inputs[0] * 2.0};
  };
  GradcheckOptions options;
  options.in_place = true;
  CHECK_THROWS_AS(gradcheck(fails, {x}, options), ValueError);
  CHECK(x.value().to_vector<double>() == before);
}

TEST_CASE("gradgradcheck finds what gradcheck cannot") {
  CHECK(gradgradcheck(square(4), {leaf()}).ok);
  CHECK(gradcheck(square(4, 0.5), {leaf()}).ok);
  CHECK(!gradgradcheck(square(4, 0.5), {leaf()}));
}

TEST_CASE("gradgradcheck finds a gradient that was computed without a graph, alone and beside others") {
  const VariableFunction cut = [](const std::vector<Variable>& x) {
    return std::vector{make_variable("cut", mul(x[0].value(), x[0].value()) + x[1].value(), {x[0], x[1]},
                                     [in = Saved(x[0])](const BackwardContext& context) -> Gradients {
                                       return {context.grad().detach() * in.unpack(context).detach() * 2,
                                               context.needs(1) ? context.grad() : Variable()};
                                     })};
  };
  CHECK(gradcheck(cut, {leaf(), leaf()}).ok);
  CHECK(!gradgradcheck(cut, {leaf(), leaf()}));
  CHECK(!gradgradcheck(cut, {leaf(), leaf().detach()}));
}

TEST_CASE("gradcheck can look at some elements of each input only") {
  int64_t calls = 0;
  const VariableFunction counted = [&](const std::vector<Variable>& inputs) {
    ++calls;
    return square(4)(inputs);
  };
  CHECK(gradcheck(counted, {leaf()}, {.elements = 2}).ok);
  CHECK(calls == 1 + 2 * 2);
  CHECK(!gradcheck(square(5), {leaf()}, {.elements = 2}));
}

TEST_CASE("gradgradcheck finds gradients that change when their graph is asked for") {
  const VariableFunction two_faced = [](const std::vector<Variable>& x) {
    return std::vector{make_variable(
        "two_faced", mul(x[0].value(), 2), {x[0]},
        [](const BackwardContext& context) -> Gradients { return {context.grad() * (grad_enabled() ? 3.0 : 2.0)}; })};
  };
  CHECK(gradcheck(two_faced, {leaf()}).ok);
  const GradcheckResult result = gradgradcheck(two_faced, {leaf()});
  CHECK(!result);
  CHECK(result.message.find("with create_graph") != std::string::npos);
}

TEST_CASE("gradcheck finds a gradient that is missing, and one that is not a number") {
  const VariableFunction silent = [](const std::vector<Variable>& x) {
    return std::vector{
        make_variable("silent", exp(x[0].value()), {x[0]}, [](const BackwardContext&) { return Gradients(1); })};
  };
  const VariableFunction broken = [](const std::vector<Variable>& x) {
    return std::vector{make_variable("broken", exp(x[0].value()), {x[0]}, [](const BackwardContext& context) {
      return Gradients{context.grad() * std::nan("")};
    })};
  };
  CHECK(!gradcheck(silent, {leaf()}));
  CHECK(!gradcheck(broken, {leaf()}));
}

TEST_CASE("gradcheck looks at every output and every input") {
  const VariableFunction half_right = [](const std::vector<Variable>& x) {
    return std::vector{x[0] * x[1], square(5)({x[1]})[0]};
  };
  CHECK(!gradcheck(half_right, {leaf(), leaf()}));
  CHECK(gradcheck(half_right, {leaf(), leaf().detach()}).ok);
}

TEST_CASE("gradcheck needs float64 and something to differentiate") {
  CHECK_THROWS_AS(gradcheck(square(4), {Variable(random_tensor({3}, 1), true)}), DTypeError);
  const std::string nothing = "no output depends on an input that requires a gradient";
  CHECK(gradcheck(square(4), {leaf().detach()}).message == nothing);
  CHECK(gradgradcheck(square(4), {leaf().detach()}).message == nothing);
}

}  // namespace
}  // namespace heed::test
