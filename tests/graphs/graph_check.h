// Gradients of a random program beside differences, and those of fused operations beside their composites.
#pragma once

#include <string>
#include <vector>

#include "graphs/random_program.h"

namespace heed::test {

struct GraphVerdict {
  bool ok = true;
  bool kink = false;    ///< some difference said nothing: the program is not differentiable there
  std::string message;  ///< what differs, and both numbers
};

/// The gradients of the program's leaves for random gradients of its results, zeros where there is none.
std::vector<Tensor> gradients_of(const RandomProgram& program, uint64_t seed);

/// Compares, along a random direction, first and second derivatives with central differences, and the gradient that is
/// recorded for second derivatives, for which fused operations take their composite, with the one that is not.
GraphVerdict check_graph(const RandomProgram& program, uint64_t seed);

}  // namespace heed::test
