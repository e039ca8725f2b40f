// Reads PyTorch's cases and compares with them.
#include "support/conformance.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <sstream>

#include <heed/tensor/create.h>

namespace heed::test {

std::vector<std::string> conformance_cases(const std::string& prefix) {
  const char* folder = std::getenv("HEED_CONFORMANCE");
  std::vector<std::string> paths;
  for (const auto& entry : std::filesystem::directory_iterator(folder == nullptr ? HEED_TEST_CONFORMANCE : folder)) {
    if (entry.path().filename().string().starts_with(prefix)) {
      paths.push_back(entry.path().string());
    }
  }
  std::sort(paths.begin(), paths.end());
  return paths;
}

ConformanceCase::ConformanceCase(const std::string& path)
    : path_(path), file_(path), description_(nlohmann::json::parse(file_.text("case"))) {}

std::vector<std::string> ConformanceCase::members(const std::string& prefix) const {
  std::vector<std::string> found;
  for (const std::string& name : file_.names()) {
    if (name.starts_with(prefix)) {
      found.push_back(name.substr(prefix.size()));
    }
  }
  return found;
}

std::string ConformanceCase::difference(const std::string& member, const Tensor& got) const {
  const Tensor want = tensor(member);
  std::ostringstream text;
  text << path_ << ": " << member << ": ";
  if (got.shape() != want.shape() || got.dtype() != want.dtype()) {
    text << "is " << got.dtype() << " " << got.shape() << ", must be " << want.dtype() << " " << want.shape();
    return text.str();
  }
  const auto a = to(got, DType::float64).to_vector<double>();
  const auto b = to(want, DType::float64).to_vector<double>();
  const double rtol = description_.at("rtol");
  const double atol = description_.at("atol");
  for (size_t i = 0; i < a.size(); ++i) {
    const bool same = a[i] == b[i] || (std::isnan(a[i]) && std::isnan(b[i]));
    if (!same && !(std::abs(a[i] - b[i]) <= atol + rtol * std::abs(b[i]))) {
      text << "element " << i << " is " << a[i] << ", must be " << b[i];
      return text.str();
    }
  }
  return "";
}

}  // namespace heed::test
