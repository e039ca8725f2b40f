// Checks whether a state dict fits a module, for callers that change more than the module.
#pragma once

#include <utility>
#include <vector>

#include <heed/nn/core/module.h>

namespace heed::detail {

struct MatchedState {
  std::vector<std::pair<Variable, Tensor>> pairs;  ///< parameters and buffers, each with the value that the state has
  IncompatibleKeys rest;
};

/// Throws as Module::load_state_dict.
MatchedState matched_state(const Module& module, const StateDict& state, bool strict);

}  // namespace heed::detail
