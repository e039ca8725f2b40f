// ConfigRules: collects what is wrong with a configuration.
#pragma once

#include <algorithm>
#include <optional>

#include <heed/nn/seq2seq/config_problem.h>
#include <heed/nn/seq2seq/seq2seq.h>
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
  void vocabularies(int64_t source, int64_t target, const SpecialTokens& tokens) {
    at_least_one("source_vocabulary", source);
    at_least_one("target_vocabulary", target);
    const int64_t largest = std::max({tokens.pad, tokens.bos, tokens.eos});
    require(largest < target, "target_vocabulary",
            "above pad, bos and eos, the largest of which is " + std::to_string(largest), target);
  }
  /// The first that does not hold.
  const std::optional<ConfigProblem>& problem() const { return problem_; }

 private:
  std::optional<ConfigProblem> problem_;
};

/// Throws ValueError for a problem. `config` is the configuration's type.
inline void refuse(const char* config, const std::optional<ConfigProblem>& problem) {
  if (problem) {
    fail(config, problem->field, " must be ", problem->requirement, ", got ", problem->given);
  }
}

/// The configuration, unless refuse() throws.
template <class Config>
const Config& checked(const char* name, const Config& config) {
  refuse(name, problem_of(config));
  return config;
}

}  // namespace heed::detail
