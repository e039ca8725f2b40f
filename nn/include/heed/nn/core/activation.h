// Element-wise functions as modules, for use in Sequential.
#pragma once

#include <heed/autograd/elementwise.h>
#include <heed/nn/core/unary_module.h>
#include <heed/tensor/scope.h>

namespace heed {

/// Calls `function` under the module's name.
template <Variable (*function)(const Variable& x)>
class ElementwiseModule : public UnaryModule {
 public:
  Variable forward(const Variable& x) const override {
    const NameScope scope(path());
    return record("output", function(x));
  }
};

using ReLU = ElementwiseModule<relu>;  ///< max(x, 0)
using Tanh = ElementwiseModule<tanh>;
using Sigmoid = ElementwiseModule<sigmoid>;
/// x sigmoid(x): Hendrycks, Gimpel 2016, section 5; Ramachandran, Zoph, Le 2017.
using SiLU = ElementwiseModule<silu>;

/// x Φ(x): Hendrycks, Gimpel 2016.
class GELU : public UnaryModule {
 public:
  explicit GELU(Gelu approximate = Gelu::none) : approximate_(approximate) {}
  Variable forward(const Variable& x) const override {
    const NameScope scope(path());
    return record("output", gelu(x, approximate_));
  }

 private:
  Gelu approximate_;
};

/// x where x > 0, else slope · x: Maas, Hannun, Ng 2013, section 2.
class LeakyReLU : public UnaryModule {
 public:
  explicit LeakyReLU(double negative_slope = 0.01) : negative_slope_(negative_slope) {}
  Variable forward(const Variable& x) const override {
    const NameScope scope(path());
    return record("output", leaky_relu(x, negative_slope_));
  }

 private:
  double negative_slope_;
};

/// x where x > 0, else alpha (exp(x) - 1): Clevert, Unterthiner, Hochreiter 2016, equation 15.
class ELU : public UnaryModule {
 public:
  explicit ELU(double alpha = 1) : alpha_(alpha) {}
  Variable forward(const Variable& x) const override {
    const NameScope scope(path());
    return record("output", elu(x, alpha_));
  }

 private:
  double alpha_;
};

}  // namespace heed
