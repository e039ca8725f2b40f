// nll_loss and binary_cross_entropy_with_logits beside their formulas, at the edges too.
#include <heed/nn/loss/classification_loss.h>

#include <cmath>
#include <limits>

#include <heed/autograd/backward.h>
#include <heed/autograd/detail/composites.h>
#include <heed/autograd/elementwise.h>
#include <heed/autograd/gradcheck.h>
#include <heed/autograd/reduce.h>
#include <heed/autograd/view.h>
#include <heed/nn/loss/regression_loss.h>
#include <heed/tensor/error.h>
#include <heed/tensor/reduce.h>

#include "support/message.h"
#include "support/reference.h"

using namespace heed;
using test::random_tensor;

namespace {

using Variables = std::vector<Variable>;

const std::vector<Reduction> kReductions{Reduction::none, Reduction::sum, Reduction::mean};

}  // namespace

TEST_CASE("nll_loss picks the targets' log-probabilities and leaves ignored ones out") {
  const Variable x(random_tensor({5, 3}, 1, DType::float64, -3, 0), true);
  const Tensor target = tensor<int64_t>({2, 0, -100, 1, 2});
  const auto at = [&](int64_t row, int64_t column) { return -x.value().at({row, column}); };
  const std::vector<double> expected{at(0, 2), at(1, 0), 0, at(3, 1), at(4, 2)};
  const double total = expected[0] + expected[1] + expected[3] + expected[4];
  test::check_close(test::values(nll_loss(x, target, {.reduction = Reduction::none}).value()), expected, 0);
  CHECK(nll_loss(x, target, {.reduction = Reduction::sum}).item() == Approx(total));
  CHECK(nll_loss(x, target).item() == Approx(total / 4));
  CHECK(nll_loss(x, tensor<int64_t>({2, 0, 1, 1, 2}), {.ignore_index = 1}).item() ==
        Approx((at(0, 2) + at(1, 0) + at(4, 2)) / 3));
  for (const Reduction reduction : kReductions) {
    const VariableFunction function = [&](const Variables& in) {
      return Variables{nll_loss(in[0], target, {.reduction = reduction})};
    };
    CHECK(gradcheck(function, {x}).ok);
    CHECK(gradgradcheck(function, {x}).ok);
  }
}

TEST_CASE("nll_loss of nothing that counts is zero, and its mean NaN") {
  const Variable x(random_tensor({2, 3}, 2), true);
  const Tensor ignored = tensor<int64_t>({-100, -100});
  CHECK(nll_loss(x, ignored, {.reduction = Reduction::sum}).item() == 0);
  CHECK(std::isnan(nll_loss(x, ignored).item()));
  const Variable logits(zeros({2, 0}), true);
  const Variable loss = cross_entropy(logits, ignored, {.reduction = Reduction::sum});
  CHECK(loss.item() == 0);
  CHECK(grad({loss}, {logits}, {.create_graph = true})[0].shape() == Shape{2, 0});
  CHECK(nll_loss(zeros({0, 3}), zeros({0}, DType::int64), {.reduction = Reduction::none}).shape() == Shape{0});
  CHECK(nll_loss(zeros({1, 0}), tensor<int64_t>({-100}), {.reduction = Reduction::sum}).item() == 0);
}

TEST_CASE("nll_loss never uses an ignored row, even if it is NaN") {
  Tensor broken = random_tensor({2, 3}, 3);
  Tensor row = select(broken, 0, 1);
  fill_(row, std::nan(""));
  const Variable x(broken, true);
  const Variable loss = nll_loss(x, tensor<int64_t>({1, -100}));
  CHECK(loss.item() == -broken.at({0, 1}));
  backward(loss);
  CHECK(test::values(x.grad()) == std::vector<double>{0, -1, 0, 0, 0, 0});
}

TEST_CASE("ignore_index is exact to the last of int64") {
  const Variable x(random_tensor({2, 3}, 4, DType::float64, -3, 0), true);
  const int64_t odd = (int64_t{1} << 53) + 1;
  for (const int64_t index : {odd, std::numeric_limits<int64_t>::max(), std::numeric_limits<int64_t>::min(), -odd}) {
    const double kept = -x.value().at({1, 2});
    CHECK(nll_loss(x, tensor<int64_t>({index, 2}), {.ignore_index = index}).item() == kept);
    CHECK(cross_entropy(x, tensor<int64_t>({index, 2}), {.ignore_index = index}).item() ==
          Approx(cross_entropy(x, tensor<int64_t>({-100, 2})).item()));
    const int64_t neighbour = index < 0 ? index + 1 : index - 1;
    CHECK_THROWS_AS(nll_loss(x, tensor<int64_t>({neighbour, 2}), {.ignore_index = index}), IndexError);
    CHECK_THROWS_AS(cross_entropy(x, tensor<int64_t>({neighbour, 2}), {.ignore_index = index}), IndexError);
    CHECK_THROWS_AS(cross_entropy_composite(x, tensor<int64_t>({neighbour, 2}), {.ignore_index = index}), IndexError);
    CHECK(cross_entropy_composite(x, tensor<int64_t>({index, 2}), {.ignore_index = index}).item() ==
          Approx(cross_entropy(x, tensor<int64_t>({index, 2}), {.ignore_index = index}).item()));
  }
}

TEST_CASE("every loss has the right mean where the sum overflows") {
  for (const DType dtype : {DType::float32, DType::float64}) {
    const double half = dtype == DType::float32 ? 0x1p127 : 0x1p1023;
    const auto is_half = [&](const Variable& loss) { return loss.value().item<double>() == half; };
    const Tensor target = tensor<int64_t>({0, 0, -100}), both = tensor<int64_t>({0, 0});
    const Variable rows(to(tensor<double>({-half, 0, -half, 0, 1, 1}), dtype), true);
    const Variable logits = reshape(rows, {3, 2}), whole = narrow(logits, 0, 0, 2);
    CHECK(is_half(nll_loss(logits, target)));
    CHECK(is_half(nll_loss(whole, both)));
    const Variable loss = cross_entropy(logits, target);
    CHECK(is_half(loss));
    CHECK(is_half(cross_entropy_composite(logits, target, {})));
    CHECK(is_half(cross_entropy(whole, both)));
    test::check_close(test::values(grad({loss}, {rows})[0].value()), {-0.5, 0.5, -0.5, 0.5, 0, 0}, 0);
    CHECK(is_half(binary_cross_entropy_with_logits(full({2}, half, dtype), zeros({2}, dtype))));
    CHECK(is_half(l1_loss(full({2}, half, dtype), zeros({2}, dtype))));
    CHECK(is_half(huber_loss(full({2}, half, dtype), zeros({2}, dtype))));
    const double root = dtype == DType::float32 ? 0x1p63 : 0x1p511;
    CHECK(mse_loss(full({4}, 1.25 * root, dtype), zeros({4}, dtype)).value().item<double>() == 1.5625 * root * root);
    CHECK(std::isinf(nll_loss(Variable(full({3, 2}, -INFINITY, dtype)), target).value().item<double>()));
  }
}

TEST_CASE("nll_loss refuses targets that are none") {
  const Tensor x = random_tensor({2, 3}, 4);
  CHECK_THROWS_AS(nll_loss(x, tensor<int64_t>({0, 3})), IndexError);
  CHECK_THROWS_AS(nll_loss(x, tensor<int64_t>({0, -1})), IndexError);
  CHECK_THROWS_AS(nll_loss(x, tensor<int64_t>({0})), ShapeError);
  CHECK(message_of<DTypeError>([&] { nll_loss(x, zeros({2})); }) == "nll_loss: targets must be int64, got float32");
}

TEST_CASE("binary cross-entropy of logits is the paper formula where that can be computed") {
  const Tensor x = random_tensor({4, 5}, 5, DType::float64), t = random_tensor({4, 5}, 6, DType::float64, 0, 1);
  std::vector<double> expected = test::values(x);
  const std::vector<double> targets = test::values(t);
  double total = 0;
  for (size_t i = 0; i < expected.size(); ++i) {
    const double p = 1 / (1 + std::exp(-expected[i]));
    expected[i] = -targets[i] * std::log(p) - (1 - targets[i]) * std::log(1 - p);
    total += expected[i];
  }
  test::check_close(test::values(binary_cross_entropy_with_logits(x, t, Reduction::none).value()), expected, 1e-12);
  CHECK(binary_cross_entropy_with_logits(x, t, Reduction::sum).item() == Approx(total));
  CHECK(binary_cross_entropy_with_logits(x, t).item() == Approx(total / 20));
  CHECK_THROWS_AS(binary_cross_entropy_with_logits(x, select(t, 0, 0)), ShapeError);
  for (const Reduction reduction : kReductions) {
    const VariableFunction function = [&](const Variables& in) {
      return Variables{binary_cross_entropy_with_logits(in[0], in[1], reduction)};
    };
    CHECK(gradcheck(function, {Variable(x, true), Variable(t, true)}).ok);
    CHECK(gradgradcheck(function, {Variable(x, true), Variable(t, true)}).ok);
  }
}

TEST_CASE("binary cross-entropy of logits keeps its digits at the edges") {
  const auto loss = [](double logit, double target) {
    return binary_cross_entropy_with_logits(full({1}, logit, DType::float64), full({1}, target, DType::float64)).item();
  };
  CHECK(loss(1e4, 1) == 0);
  CHECK(loss(1e4, 0) == 1e4);
  CHECK(loss(-1e4, 1) == 1e4);
  CHECK(loss(-1e4, 0) == 0);
  CHECK(loss(40, 1) == Approx(std::exp(-40.0)).epsilon(1e-12));
  CHECK(loss(-25, 0) == Approx(std::log1p(std::exp(-25.0))).epsilon(1e-12));
  CHECK(loss(25, 1) == Approx(std::log1p(std::exp(-25.0))).epsilon(1e-12));
  const Variable zero(zeros({1}, DType::float64), true);
  backward(binary_cross_entropy_with_logits(zero, full({1}, 0.25, DType::float64)));
  CHECK(zero.grad().item() == 0.25);
}

TEST_CASE("binary cross-entropy of infinite logits is 0 or infinite, with its gradient") {
  const double infinity = INFINITY;
  for (const DType dtype : {DType::float32, DType::float64}) {
    const Variable x(to(tensor<double>({infinity, infinity, infinity, -infinity, -infinity, -infinity, NAN}), dtype),
                     true);
    const Variable target = to(tensor<double>({0, 1, 0.25, 0, 1, 0.25, 0}), dtype);
    const Variable loss = binary_cross_entropy_with_logits(x, target, Reduction::none);
    test::check_close(test::values(loss.value()), {infinity, 0, infinity, 0, infinity, infinity, NAN}, 0);
    test::check_close(test::values(grad({sum(loss)}, {x})[0].value()), {1, 0, 0.75, 0, -1, -0.25, NAN}, 0);
  }
}

TEST_CASE("class weights multiply the losses, and the mean is over the weights") {
  const Variable x(random_tensor({4, 3}, 5, DType::float64), true);
  const Tensor target = tensor({2, 0, -100, 1}), weight = tensor({0.5, 2.0, 3.0});
  const Tensor losses = cross_entropy(x, target, {.reduction = Reduction::none}).value();
  const std::vector<double> expected{3 * losses.at({0}), 0.5 * losses.at({1}), 0, 2 * losses.at({3})};
  const double total = expected[0] + expected[1] + expected[3];
  const Variable logs = log_softmax(x, 1);
  for (const Reduction reduction : kReductions) {
    const Variable fused = cross_entropy(x, target, {.reduction = reduction, .weight = weight});
    test::check_close(fused.value(), nll_loss(logs, target, {.reduction = reduction, .weight = weight}).value(), 1e-14);
  }
  test::check_close(test::values(cross_entropy(x, target, {.reduction = Reduction::none, .weight = weight}).value()),
                    expected, 1e-14);
  CHECK(cross_entropy(x, target, {.weight = weight}).item() == Approx(total / 5.5));
  const Variable sequences = reshape(x, {2, 2, 3});
  CHECK(cross_entropy(sequences, reshape(target, {2, 2}), {.weight = weight}).item() == Approx(total / 5.5));
  CHECK(std::isnan(cross_entropy(x, full({4}, -100, DType::int64), {.weight = weight}).item()));
  const VariableFunction mean_loss = [&](const Variables& in) {
    return Variables{cross_entropy(in[0], target, {.label_smoothing = 0.1, .weight = weight})};
  };
  CHECK(gradcheck(mean_loss, {x}).ok);
  CHECK(gradgradcheck(mean_loss, {x}).ok);
}

TEST_CASE("weights and targets that do not fit are refused in the name of the loss") {
  const Variable x(zeros({2, 3}));
  const Tensor target = tensor({0, 2});
  CHECK(message_of<ShapeError>([&] { cross_entropy(x, target, {.weight = ones({2})}); }) ==
        "cross_entropy: the class weight must be (3,), got (2,)");
  CHECK(message_of<DTypeError>([&] { nll_loss(x, target, {.weight = ones({3}, DType::float64)}); }) ==
        "nll_loss: the class weight must be float32, got float64");
  CHECK(message_of<IndexError>([&] {
          cross_entropy(x, tensor({0, 3}), {.weight = ones({3})});
        }) == "cross_entropy: target 3 at 1 is out of range for 3 classes");
  CHECK(message_of<IndexError>([&] {
          nll_loss(x, tensor({0, -1}));
        }) == "nll_loss: target -1 at 1 is out of range for 3 classes");
  CHECK(message_of<ShapeError>([&] {
          binary_cross_entropy_with_logits(x, x, {.pos_weight = ones({4, 2, 3})});
        }) == "binary_cross_entropy_with_logits: pos_weight must broadcast to (2, 3), got (4, 2, 3)");
}

TEST_CASE("pos_weight multiplies the part of the positive examples, also at the edges") {
  const Variable x(tensor({2.0, -3.0, 0.0}), true), t(tensor({1.0, 0.0, 0.25}), true);
  const Tensor positive = tensor({3.0}), weight = tensor({1.0, 2.0, 0.5});
  const auto losses = [&](const BinaryCrossEntropyOptions& options) {
    return test::values(binary_cross_entropy_with_logits(x, t, options).value());
  };
  const double expected[] = {3 * std::log1p(std::exp(-2.0)), std::log1p(std::exp(-3.0)), 1.5 * std::log(2.0)};
  test::check_close(losses({.pos_weight = positive, .reduction = Reduction::none}),
                    {expected[0], expected[1], expected[2]}, 1e-14);
  test::check_close(losses({.weight = weight, .pos_weight = positive, .reduction = Reduction::none}),
                    {expected[0], 2 * expected[1], expected[2] / 2}, 1e-14);
  const VariableFunction function = [&](const Variables& in) {
    return Variables{binary_cross_entropy_with_logits(in[0], in[1], {.weight = weight, .pos_weight = positive})};
  };
  CHECK(gradcheck(function, {x, t}).ok);
  CHECK(gradgradcheck(function, {x, t}).ok);
  const double infinity = std::numeric_limits<double>::infinity();
  const Variable far(tensor({infinity, -infinity, infinity, -infinity, -100.0}), true),
      labels(tensor({1.0, 0.0, 0.0, 1.0, 0.0}));
  const Variable edges =
      binary_cross_entropy_with_logits(far, labels, {.pos_weight = tensor({2.0}), .reduction = Reduction::none});
  test::check_close(test::values(edges.value()), {0, 0, infinity, infinity, std::exp(-100.0)}, 1e-14);
  test::check_close(test::values(grad({sum(edges)}, {far})[0].value()), {0, 0, 1, -2, std::exp(-100.0)}, 1e-14);
}

TEST_CASE("kl_div is the divergence from the target, and nothing where the target is 0") {
  const Variable p(tensor({{0.5, 0.5, 0.0}, {0.2, 0.3, 0.5}}), true),
      q(tensor({{0.25, 0.5, 0.25}, {0.2, 0.3, 0.5}}), true);
  const Variable input = log(q);
  CHECK(kl_div(input, p, {.reduction = Reduction::sum}).item() == Approx(0.5 * std::log(2.0)));
  CHECK(kl_div(input, p).item() == Approx(0.5 * std::log(2.0) / 6));
  CHECK(kl_div(input, log(q), {.log_target = true, .reduction = Reduction::sum}).item() == Approx(0).margin(1e-15));
  const Variable impossible(tensor({-std::numeric_limits<double>::infinity(), 0.0}), true);
  const Variable logarithms(log(tensor({0.0, 1.0})), true);
  const Variable of_logarithms = kl_div(impossible, logarithms, {.log_target = true, .reduction = Reduction::none});
  CHECK(test::values(of_logarithms.value()) == std::vector<double>{0, 0});
  CHECK(test::values(grad({sum(of_logarithms)}, {logarithms})[0].value()) == std::vector<double>{0, 1});
  const Variable loss = kl_div(impossible, tensor({0.0, 1.0}), {.reduction = Reduction::none});
  test::check_close(test::values(loss.value()), {0, 0}, 0);
  test::check_close(test::values(grad({sum(loss)}, {impossible})[0].value()), {0, -1}, 0);
  const Variable positive(random_tensor({2, 3}, 3, DType::float64, 0.1, 1), true);
  for (const bool log_target : {false, true}) {
    const VariableFunction function = [&](const Variables& in) {
      return Variables{kl_div(in[0], in[1], {.log_target = log_target})};
    };
    CHECK(gradcheck(function, {Variable(input.value(), true), positive}).ok);
    CHECK(gradgradcheck(function, {Variable(input.value(), true), positive}).ok);
  }
}
