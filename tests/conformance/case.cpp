// Reads a case and compares with what it expects.
#include "conformance/case.h"

#include <cmath>
#include <map>
#include <set>
#include <sstream>

#include <heed/tensor/create.h>
#include <heed/tensor/error.h>

namespace heed::conformance {
namespace {

DType parse_dtype(const std::string& name) {
  static const std::map<std::string, DType> table{{"float32", DType::float32}, {"float64", DType::float64}};
  const auto entry = table.find(name);
  check(entry != table.end(), "case", "dtype must be float32 or float64, got '", name, "'");
  return entry->second;
}

void check_keys(const nlohmann::json& description) {
  static const std::set<std::string> known{"kind",  "name",   "args",  "dtype", "rtol",          "atol",
                                           "steps", "layers", "optim", "loss",  "clip_grad_norm"};
  for (const auto& [key, value] : description.items()) {
    check(known.contains(key), "case", "unknown key '", key, "'");
  }
}

/// The index in `shape` of row-major element `place`.
Shape index_of(int64_t place, const Shape& shape) {
  Shape index = shape;
  for (int64_t axis = shape.rank() - 1; axis >= 0; --axis) {
    index[axis] = place % shape[axis];
    place /= shape[axis];
  }
  return index;
}

bool same(double a, double b) { return a == b || (std::isnan(a) && std::isnan(b)); }

}  // namespace

Case::Case(const std::string& path)
    : file_(path),
      description_(nlohmann::json::parse(file_.text("case"))),
      kind_(description_.at("kind")),
      name_(description_.at("name")),
      dtype_(parse_dtype(description_.at("dtype"))),
      rtol_(description_.at("rtol")),
      atol_(description_.at("atol")) {
  check_keys(description_);
}

std::vector<std::string> Case::members(const std::string& prefix) const {
  std::vector<std::string> found;
  for (const std::string& name : file_.names()) {
    if (name.starts_with(prefix)) {
      found.push_back(name.substr(prefix.size()));
    }
  }
  return found;
}

void Case::compare(const std::string& member, const Tensor& got, Failures& failures) const {
  const Tensor want = tensor(member);
  std::ostringstream line;
  line.precision(17);
  line << member << ": ";
  if (got.shape() != want.shape() || got.dtype() != want.dtype()) {
    line << "got " << got.dtype() << " " << got.shape() << ", must be " << want.dtype() << " " << want.shape();
    failures.push_back(line.str());
    return;
  }
  const auto a = to(got, DType::float64).to_vector<double>(), b = to(want, DType::float64).to_vector<double>();
  int64_t wrong = 0, worst = 0;
  double largest = -1;
  for (size_t i = 0; i < a.size(); ++i) {
    if (same(a[i], b[i]) || std::abs(a[i] - b[i]) <= atol_ + rtol_ * std::abs(b[i])) {
      continue;
    }
    ++wrong;
    // A NaN on one side counts as infinitely far.
    const double difference = std::isnan(a[i] - b[i]) ? HUGE_VAL : std::abs(a[i] - b[i]);
    if (difference > largest) {
      largest = difference;
      worst = static_cast<int64_t>(i);
    }
  }
  if (wrong > 0) {
    line << "largest difference " << largest << " at " << index_of(worst, want.shape()) << ": got "
         << a[static_cast<size_t>(worst)] << ", must be " << b[static_cast<size_t>(worst)] << " (" << wrong << " of "
         << a.size() << " elements differ)";
    failures.push_back(line.str());
  }
}

}  // namespace heed::conformance
