// UnaryModule: a module of one input and one output, so that Sequential can chain it.
#pragma once

#include <heed/nn/core/module.h>

namespace heed {

class UnaryModule : public Module {
 public:
  virtual Variable forward(const Variable& x) = 0;
};

}  // namespace heed
