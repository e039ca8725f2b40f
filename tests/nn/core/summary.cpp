// The table of a module's parameters.
#include <heed/autograd/reduce.h>
#include <heed/nn/core/dropout.h>
#include <heed/nn/core/linear.h>
#include <heed/nn/core/sequential.h>
#include <heed/nn/core/summary.h>
#include <heed/tensor/create.h>
#include <heed/tensor/random.h>

#include "support/catch.h"
#include "support/reference.h"

using namespace heed;
using heed::test::same_bits;

namespace {

class Part : public Module {
 public:
  Part() : weight_(zeros({1234, 1000}), true), bias_(zeros({7}, DType::float64), true) {
    register_parameter("weight", weight_);
    register_parameter("bias", bias_);
  }
  Variable weight_, bias_;
};

class Whole : public Module {
 public:
  Whole() : tied_(part_.bias_) {
    register_module("part", part_);
    register_parameter("tied", tied_);
  }

  Part part_;
  Variable tied_;
};

}  // namespace

TEST_CASE("summary lists every parameter and counts tied ones once") {
  REQUIRE(summary(Whole()) ==
          "parameter    shape         dtype     elements\n"
          "tied         (7,)          float64          7\n"
          "part.weight  (1234, 1000)  float32  1,234,000\n"
          "part.bias    (7,)          float64     = tied\n"
          "total                               1,234,007\n");
}

TEST_CASE("summary of a module without parameters is a header and a total of 0") {
  class Nothing : public Module {};
  REQUIRE(summary(Nothing()) == "parameter  shape  dtype  elements\ntotal                           0\n");
}

TEST_CASE("frozen parameters are marked and counted") {
  Whole whole;
  whole.part_.weight_.set_requires_grad(false);
  REQUIRE(summary(whole) ==
          "parameter    shape         dtype            elements\n"
          "tied         (7,)          float64                 7\n"
          "part.weight  (1234, 1000)  float32  frozen 1,234,000\n"
          "part.bias    (7,)          float64            = tied\n"
          "total                                      1,234,007\n"
          "frozen                                     1,234,000\n");
}

TEST_CASE("a forecast has the shapes, the multiply-adds and the memory of a step, and changes nothing") {
  Sequential model;
  model.add<Linear>(6, 8);
  model.add<Dropout>(0.5);
  model.add<Linear>(8, 4, LinearOptions{.bias = false});
  const Tensor x = randn({5, 6});
  seed_default_generator(3);
  const StepCost cost = step_cost(model, [&] { return sum(model.forward(x)); });
  const Tensor drawn = rand({3});
  seed_default_generator(3);
  CHECK(same_bits(drawn, rand({3})));
  CHECK(cost.parameters == 6 * 8 + 8 + 8 * 4);
  CHECK(cost.multiply_adds_forward == 5 * (6 * 8 + 8 * 4));
  CHECK(cost.multiply_adds == 5 * (6 * 8 + 8 * 4) + 5 * (6 * 8 + 2 * 8 * 4));  // x needs no gradient
  CHECK(cost.activation_bytes >= 5 * 8 * 4);
  CHECK(cost.peak_bytes >= cost.activation_bytes);
  CHECK(cost.seconds > 0);
  const std::vector<std::pair<std::string, Shape>> wanted{{"0", {5, 8}}, {"1", {5, 8}}, {"2", {5, 4}}, {"", {5, 4}}};
  CHECK(cost.outputs == wanted);
  CHECK_FALSE(model.parameters()[0].grad().defined());
}

TEST_CASE("a summary with a forecast names every module that gives something") {
  Sequential model;
  model.add<Linear>(6, 8).freeze();
  model.add<Linear>(8, 4);
  const std::string text = summary(model, Shape{5, 6});
  CHECK(text.find("\nmodule       output  parameters\n"
                  "0            (5, 8)          56\n"
                  "1            (5, 4)          36\n"
                  "(the model)  (5, 4)          92\n\n92 parameters (56 frozen); one step: ") != std::string::npos);
  CHECK(describe({.parameters = 19709, .activation_bytes = 3'140'000, .multiply_adds = 1'230'000, .seconds = 0.0045}) ==
        "19,709 parameters; one step: 1.2 M multiply-adds, 3.1 MB of activations, 4.5 ms");
  CHECK(describe({.parameters = 3, .activation_bytes = 999, .multiply_adds = 12, .seconds = 2}) ==
        "3 parameters; one step: 12 multiply-adds, 999 B of activations, 2000 ms");
}
