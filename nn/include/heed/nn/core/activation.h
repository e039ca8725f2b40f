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

}  // namespace heed
