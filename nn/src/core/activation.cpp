// Element-wise functions as modules: each calls its function under its name.
#include <heed/nn/core/activation.h>

#include <heed/tensor/scope.h>

namespace heed {

Variable ReLU::forward(const Variable& x) const {
  const NameScope scope(path());
  return relu(x);
}

Variable Tanh::forward(const Variable& x) const {
  const NameScope scope(path());
  return tanh(x);
}

Variable Sigmoid::forward(const Variable& x) const {
  const NameScope scope(path());
  return sigmoid(x);
}

Variable GELU::forward(const Variable& x) const {
  const NameScope scope(path());
  return gelu(x, approximate_);
}

Variable SiLU::forward(const Variable& x) const {
  const NameScope scope(path());
  return silu(x);
}

}  // namespace heed
