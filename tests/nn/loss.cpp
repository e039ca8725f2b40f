// Losses: reductions and shapes. Values of cross-entropy are compared with PyTorch's in conformance/layer.cpp.
#include <heed/nn/loss/loss.h>

#include <cmath>

#include <heed/autograd/gradcheck.h>
#include <heed/tensor/elementwise.h>
#include <heed/tensor/error.h>
#include <heed/tensor/reduce.h>

#include "support/catch.h"
#include "support/reference.h"

using namespace heed;
using namespace heed::test;

TEST_CASE("mse_loss is the squared difference, whole, summed or averaged") {
  const Tensor x = random_tensor({3, 5}, 1), y = random_tensor({3, 5}, 2);
  const Tensor squares = (x - y) * (x - y);
  CHECK(same_bits(mse_loss(x, y, Reduction::none).value(), squares));
  check_close(mse_loss(x, y, Reduction::sum).value(), sum(squares), 1e-6);
  check_close(mse_loss(x, y).value(), mean(squares), 1e-6);
  CHECK_THROWS_AS(mse_loss(x, zeros({5})), ShapeError);
  const Variable a(random_tensor({3, 5}, 1, DType::float64), true), b(random_tensor({3, 5}, 2, DType::float64), true);
  for (const Reduction reduction : {Reduction::none, Reduction::sum, Reduction::mean}) {
    const VariableFunction loss = [&](const std::vector<Variable>& in) {
      return std::vector{mse_loss(in[0], in[1], reduction)};
    };
    CHECK(gradcheck(loss, {a, b}).message == "");
  }
}

TEST_CASE("cross_entropy takes logits of any rank") {
  const Tensor logits = random_tensor({2, 3, 4}, 1, DType::float64);
  const Tensor target = reshape(tensor<int64_t>({0, 3, -100, 1, 1, 2}), {2, 3});
  for (const Reduction reduction : {Reduction::none, Reduction::sum, Reduction::mean}) {
    const CrossEntropyOptions options{.label_smoothing = 0.1, .reduction = reduction};
    const Tensor flat = cross_entropy(reshape(logits, {6, 4}), reshape(target, {6}), options).value();
    const Tensor loss = cross_entropy(logits, target, options).value();
    CHECK(loss.shape() == (reduction == Reduction::none ? Shape{2, 3} : Shape{}));
    CHECK(same_bits(reshape(loss, flat.shape()), flat));
    const VariableFunction function = [&](const std::vector<Variable>& in) {
      return std::vector{cross_entropy(in[0], target, options)};
    };
    CHECK(gradcheck(function, {Variable(logits, true)}).message == "");
  }
  const Tensor one = cross_entropy(select(select(logits, 0, 0), 0, 1), scalar(3, DType::int64)).value();
  check_close(one, cross_entropy(slice(select(logits, 0, 0), 0, 1, 2), tensor<int64_t>({3})).value(), 1e-15);
  CHECK(cross_entropy(zeros({0, 3, 4}), zeros({0, 3}, DType::int64), {.reduction = Reduction::sum}).item() == 0);
  CHECK_THROWS_AS(cross_entropy(logits, reshape(target, {3, 2})), ShapeError);
  CHECK_THROWS_AS(cross_entropy(scalar(1), scalar(0, DType::int64)), ShapeError);
}
