// Cases computed by PyTorch: one .npz each, its member "case" a description in JSON, its other members inputs and
// expected values. Those in tests/data/conformance are replayed; HEED_CONFORMANCE names another folder of them.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include <heed/tensor/npz.h>

namespace heed::test {

/// The paths of the cases whose file names start with `prefix`, sorted.
std::vector<std::string> conformance_cases(const std::string& prefix);

class ConformanceCase {
 public:
  explicit ConformanceCase(const std::string& path);

  const nlohmann::json& description() const { return description_; }
  const nlohmann::json& args() const { return description_.at("args"); }
  std::string kind() const { return description_.at("kind"); }
  std::string name() const { return description_.at("name"); }
  bool contains(const std::string& member) const { return file_.contains(member); }
  Tensor tensor(const std::string& member) const { return file_.tensor(member); }
  /// The members' names that start with `prefix`, without it, in the file's order.
  std::vector<std::string> members(const std::string& prefix) const;
  /// Empty when `got` has the shape, dtype and values of `member`, within the case's tolerances; else what differs.
  std::string difference(const std::string& member, const Tensor& got) const;

 private:
  std::string path_;
  NpzReader file_;
  nlohmann::json description_;
};

}  // namespace heed::test
