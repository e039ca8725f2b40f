// Case: a file of arrays and a description of what made them. The format: README.md beside the cases' generator.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include <heed/tensor/npz.h>

namespace heed::conformance {

/// What went wrong, a line for each array; empty when all is well.
using Failures = std::vector<std::string>;

class Case {
 public:
  /// Throws FileError for a file that is none, nlohmann's errors for a description that is none, and ValueError for
  /// keys of the description that are not known.
  explicit Case(const std::string& path);

  const std::string& kind() const { return kind_; }
  const std::string& name() const { return name_; }
  DType dtype() const { return dtype_; }
  const nlohmann::json& description() const { return description_; }

  bool contains(const std::string& member) const { return file_.contains(member); }
  Tensor tensor(const std::string& member) const { return file_.tensor(member); }
  /// The members whose names start with `prefix`, without it, in the file's order.
  std::vector<std::string> members(const std::string& prefix) const;

  /// Adds a line to `failures` unless `got` has the shape and, within the case's tolerances, the values of `member`.
  void compare(const std::string& member, const Tensor& got, Failures& failures) const;

 private:
  NpzReader file_;
  nlohmann::json description_;
  std::string kind_, name_;
  DType dtype_;
  double rtol_, atol_;
};

/// Replays the case as its kind asks. Throws what the library and the description's reading throw.
Failures replay(const Case& given);

}  // namespace heed::conformance
