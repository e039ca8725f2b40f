// The table of a module's parameters.
#include <heed/nn/core/summary.h>
#include <heed/tensor/create.h>

#include "support/catch.h"

using namespace heed;

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

 private:
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
