// Element-wise functions as modules, for use in Sequential.
#pragma once

#include <heed/autograd/elementwise.h>
#include <heed/nn/core/unary_module.h>

namespace heed {

/// max(x, 0)
class ReLU : public UnaryModule {
 public:
  Variable forward(const Variable& x) const override;
};

class Tanh : public UnaryModule {
 public:
  Variable forward(const Variable& x) const override;
};

class Sigmoid : public UnaryModule {
 public:
  Variable forward(const Variable& x) const override;
};

/// x Φ(x): Hendrycks, Gimpel 2016.
class GELU : public UnaryModule {
 public:
  explicit GELU(Gelu approximate = Gelu::none) : approximate_(approximate) {}
  Variable forward(const Variable& x) const override;

 private:
  Gelu approximate_;
};

/// x sigmoid(x): Hendrycks, Gimpel 2016, section 5; Ramachandran, Zoph, Le 2017.
class SiLU : public UnaryModule {
 public:
  Variable forward(const Variable& x) const override;
};

}  // namespace heed
