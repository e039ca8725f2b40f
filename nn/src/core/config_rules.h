// ConfigRules: collects what is wrong with a configuration.
#pragma once

#include <optional>

#include <heed/nn/core/config_problem.h>
#include <heed/tensor/error.h>
#include <heed/tensor/text_stream.h>

namespace heed::detail {

class ConfigRules {
 public:
  template <class Given>
  void require(bool holds, const char* field, const std::string& requirement, const Given& given) {
    if (!holds && !problem_) {
      TextStream text;
      text << given;
      problem_ = ConfigProblem{field, requirement, text.str()};
    }
  }
  void at_least_one(const char* field, int64_t value) { require(value >= 1, field, "at least 1", value); }
  void dropout(const char* field, double value) { require(value >= 0 && value <= 1, field, "from 0 to 1", value); }
  /// The rules of a part of the configuration.
  void include(const std::optional<ConfigProblem>& part) { problem_ = problem_ ? problem_ : part; }
  /// The first that does not hold.
  const std::optional<ConfigProblem>& problem() const { return problem_; }

 private:
  std::optional<ConfigProblem> problem_;
};

/// Throws ValueError for a problem. `config` is the type of the configuration, or of what is made of it.
inline void refuse(const char* config, const std::optional<ConfigProblem>& problem) {
  if (problem) {
    fail(config, problem->message());
  }
}

/// The configuration, unless refuse() throws.
template <class Config>
const Config& checked(const char* name, const Config& config) {
  refuse(name, problem_of(config));
  return config;
}

}  // namespace heed::detail
