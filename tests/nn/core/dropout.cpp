// Dropout: its statistics, its determinism, its modes.
#include <heed/nn/core/dropout.h>

#include <cmath>

#include <heed/autograd/backward.h>
#include <heed/autograd/reduce.h>
#include <heed/nn/core/sequential.h>
#include <heed/tensor/elementwise.h>
#include <heed/tensor/error.h>

#include "support/catch.h"
#include "support/reference.h"

using namespace heed;
using namespace heed::test;

TEST_CASE("dropout zeroes a share p and scales the rest, and its gradient is its mask") {
  Generator generator(1);
  const Variable x(full({100, 101}, 2, DType::float64), true);
  const Variable y = dropout(x, 0.3, generator);
  const double kept = 2 / 0.7;
  int64_t zeroed = 0;
  for (const double value : values(y.value())) {
    REQUIRE((value == 0 || value == Approx(kept)));
    zeroed += value == 0 ? 1 : 0;
  }
  CHECK(static_cast<double>(zeroed) / 10100 == Approx(0.3).margin(0.02));
  backward(sum(y));
  check_close(x.grad(), y.value() * 0.5, 1e-15);
}

TEST_CASE("locked dropout uses one mask for all time steps of a sequence") {
  Generator generator(2);
  const Tensor y = locked_dropout(ones({30, 5, 41}), 0.4, generator).value();
  for (int64_t t = 1; t < 5; ++t) {
    CHECK(same_bits(select(y, 1, t), select(y, 1, 0)));
  }
  CHECK_FALSE(same_bits(select(y, 0, 0), select(y, 0, 1)));
  CHECK(mean(y).item() == Approx(1).margin(0.08));
  CHECK_THROWS_AS(locked_dropout(ones({3, 4}), 0.4), ShapeError);
}

TEST_CASE("dropout draws the same mask from the same state and another one next") {
  Dropout layer(0.5);
  const Tensor x = ones({50});
  seed_default_generator(7);
  const Tensor first = layer.forward(x).value(), second = layer.forward(x).value();
  seed_default_generator(7);
  CHECK(same_bits(layer.forward(x).value(), first));
  CHECK_FALSE(same_bits(first, second));
  Generator own(7);
  Dropout with_own(0.5, own);
  const GeneratorState before = default_generator().state();
  CHECK(same_bits(with_own.forward(x).value(), first));
  CHECK(default_generator().state() == before);
}

TEST_CASE("dropout is the identity in evaluation and draws nothing") {
  Sequential net;
  net.add<Dropout>(0.5);
  net.add<LockedDropout>(0.5);
  net.eval();
  const Tensor x = random_tensor({3, 4, 5}, 1);
  const GeneratorState before = default_generator().state();
  CHECK(same_bits(net.forward(x).value(), x));
  CHECK(default_generator().state() == before);
  net.train();
  CHECK_FALSE(same_bits(net.forward(x).value(), x));
}

TEST_CASE("dropout takes p from 0 to 1, both included") {
  const Tensor x = random_tensor({40}, 1);
  CHECK(same_bits(Dropout(0).forward(x).value(), x));
  CHECK(same_bits(abs(Dropout(1).forward(x).value()), zeros({40})));
  const Variable infinite(full({3}, INFINITY), true);
  const Variable none = dropout(infinite, 1);
  CHECK(same_bits(none.value(), zeros({3})));
  CHECK(same_bits(grad({sum(none)}, {infinite})[0].value(), zeros({3})));
  CHECK(Dropout(0.5).forward(zeros({0, 3})).shape() == Shape{0, 3});
  for (const double p : {-0.1, 1.1, std::nan("")}) {
    CHECK_THROWS_AS(Dropout(p), ValueError);
    CHECK_THROWS_AS(dropout(x, p), ValueError);
  }
  CHECK(message_of<ValueError>([] { Dropout{1.5}; }) == "dropout: p must be from 0 to 1, got 1.5");
}
