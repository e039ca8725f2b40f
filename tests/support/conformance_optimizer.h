// Optimisers by PyTorch's names and arguments, for cases that need one.
#pragma once

#include <memory>
#include <nlohmann/json.hpp>
#include <string>

#include <heed/nn/optimizer.h>

namespace heed::test {

/// Null for one that heed does not have.
std::unique_ptr<Optimizer> make_optimizer(const std::string& name, const nlohmann::json& args,
                                          const ParameterList& parameters);

}  // namespace heed::test
