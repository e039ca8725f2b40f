// Makes heed's layers from the names and arguments of PyTorch's cases.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>

#include <heed/nn/module.h>

namespace heed::test {

using NamedVariables = std::map<std::string, Variable>;

struct ReplayedLayer {
  std::shared_ptr<Module> module;
  std::function<NamedVariables(const NamedVariables& inputs)> forward;
};

/// Both members are empty for a layer that heed has not.
ReplayedLayer make_layer(const std::string& name, const nlohmann::json& args);

}  // namespace heed::test
