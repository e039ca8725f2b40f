// The arguments of a case, by name. Each must be asked for: one that nobody knows makes the case fail.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <heed/tensor/error.h>
#include <heed/tensor/shape.h>

namespace heed::conformance {

class Arguments {
 public:
  /// `owner` names what they are the arguments of, in errors.
  Arguments(std::string owner, nlohmann::json values) : owner_(std::move(owner)), values_(std::move(values)) {}

  /// False too for a null, which is how Python's None arrives.
  bool has(const std::string& name) {
    asked_.insert(name);
    return values_.contains(name) && !values_.at(name).is_null();
  }
  /// Throws ValueError when it is not there, nlohmann's errors when it is of another type.
  template <class T>
  T get(const std::string& name) {
    check(has(name), owner_, "needs the argument '", name, "'");
    return values_.at(name).template get<T>();
  }
  template <class T>
  T get(const std::string& name, T fallback) {
    return has(name) ? get<T>(name) : fallback;
  }
  /// True for text where there is a number mostly: "inf".
  bool is_text(const std::string& name) { return has(name) && values_.at(name).is_string(); }
  /// One axis or size, or a list of them.
  Dims dims(const std::string& name) {
    check(has(name), owner_, "needs the argument '", name, "'");
    const nlohmann::json& value = values_.at(name);
    return value.is_array() ? Dims(value.get<std::vector<int64_t>>()) : Dims{value.get<int64_t>()};
  }
  /// Throws ValueError listing the arguments that nobody has asked for.
  void finish() const {
    std::string unknown;
    for (const auto& [name, value] : values_.items()) {
      unknown += asked_.contains(name) ? "" : " '" + name + "'";
    }
    check(unknown.empty(), owner_, "unknown arguments:", unknown);
  }

 private:
  std::string owner_;
  nlohmann::json values_;
  std::set<std::string> asked_;
};

}  // namespace heed::conformance
