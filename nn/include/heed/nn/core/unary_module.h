// UnaryModule: a module of one input and one output, so that Sequential can chain it.
#pragma once

#include <heed/nn/core/module.h>

namespace heed {

class UnaryModule : public Module {
 public:
  /// Changes nothing in the module: a `const Model&` can infer.
  virtual Variable forward(const Variable& x) const = 0;
};

}  // namespace heed
