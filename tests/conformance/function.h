// What operations, losses and layers have in common: named inputs go in, named outputs come out, and gradients go back.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <heed/nn/core/module.h>

#include "conformance/arguments.h"
#include "conformance/case.h"

namespace heed::conformance {

/// Inputs by name. Each must be asked for, as with Arguments.
class Inputs {
 public:
  explicit Inputs(std::vector<std::pair<std::string, Variable>> values) : values_(std::move(values)) {}

  bool has(const std::string& name) { return optional(name).defined(); }
  /// Undefined when it is not there.
  Variable optional(const std::string& name);
  /// Throws ValueError when it is not there.
  Variable operator[](const std::string& name);
  /// optional(), as plain data.
  Tensor data(const std::string& name);
  /// Throws ValueError listing the inputs that nobody has asked for.
  void finish() const;
  const std::vector<std::pair<std::string, Variable>>& values() const { return values_; }

 private:
  std::vector<std::pair<std::string, Variable>> values_;
  std::set<std::string> asked_;
};

using Outputs = std::vector<std::pair<std::string, Variable>>;
using Function = std::function<Outputs(Inputs&, Arguments&)>;
using FunctionTable = std::map<std::string, Function>;

/// A layer made from its arguments; `forward` asks for those of the call, and refers to `module`.
struct Layer {
  std::unique_ptr<Module> module;
  std::function<Outputs(Inputs&)> forward;
};
using LayerTable = std::map<std::string, std::function<Layer(Arguments&)>>;

/// Looks a name up. Throws ValueError saying that there is no such `what`.
template <class Value>
const Value& look_up(const std::map<std::string, Value>& table, const std::string& name, const char* what) {
  const auto entry = table.find(name);
  check(entry != table.end(), "case", "unknown ", what, " '", name, "'");
  return entry->second;
}

const FunctionTable& operations();
const FunctionTable& losses();
const LayerTable& layers();
const LayerTable& attention_layers();
const LayerTable& recurrent_layers();

/// A layer by name from whichever table has it, its arguments all known. Throws ValueError.
Layer make_layer(const std::string& name, const nlohmann::json& arguments);

Failures replay_function(const Case& given, const FunctionTable& table);
Failures replay_layer(const Case& given);

}  // namespace heed::conformance
