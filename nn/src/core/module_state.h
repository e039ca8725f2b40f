// Checks whether a state dict fits a module, for callers that change more than the module.
#pragma once

#include <utility>
#include <vector>

#include <heed/nn/core/module.h>

namespace heed::detail {

/// The parameters of `module`, each with the value that `state` has for it. Throws as Module::load_state_dict.
std::vector<std::pair<Variable, Tensor>> matched_state(const Module& module, const StateDict& state);

}  // namespace heed::detail
