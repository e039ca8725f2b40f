// Compares gradients with differences of values: the test of any operation or layer, heed's own or a user's.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <heed/autograd/backward.h>

namespace heed {

struct GradcheckOptions {
  double eps = 1e-6;
  double atol = 1e-5;
  double rtol = 1e-3;
  uint64_t seed = 0;      ///< of the random gradients fed into the outputs
  bool in_place = false;  ///< move the inputs themselves, not copies of them: for a function that reaches some of them
                          ///< by itself, as a layer does its parameters. They must be contiguous leaves
  std::vector<std::string> names = {};  ///< of the inputs, for messages; "input 0" and so on where left out
  int64_t elements = 0;                 ///< compare at most so many elements of each input, picked at random; 0: all
};

struct GradcheckResult {
  bool ok = true;
  std::string message;  ///< which input and element differ, and both numbers
  explicit operator bool() const { return ok; }
};

/// Feeds random gradients into `function`'s floating outputs and compares what grad() says of each element of each
/// input that requires a gradient with central differences. Inputs must be float64: throws DTypeError otherwise.
GradcheckResult gradcheck(const VariableFunction& function, const std::vector<Variable>& inputs,
                          const GradcheckOptions& options = {});

/// gradcheck of the gradients: second derivatives, with respect to the inputs and to the gradients fed in, those of a
/// gradient without a graph being zero. Also that gradients are the same with create_graph as without: a fused
/// operation computes them in two ways.
GradcheckResult gradgradcheck(const VariableFunction& function, const std::vector<Variable>& inputs,
                              const GradcheckOptions& options = {});

}  // namespace heed
