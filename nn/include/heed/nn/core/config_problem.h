// ConfigProblem: what is wrong with a configuration, for the factory that refuses it and for programs that check their
// options before they make a model.
#pragma once

#include <string>

namespace heed {

/// `if (const auto problem = problem_of(config)) std::cerr << problem->message();`
struct ConfigProblem {
  std::string field;  ///< a member's name, without those that it is nested in: "num_layers"
  std::string requirement;
  std::string given;

  std::string message() const { return field + " must be " + requirement + ", got " + given; }
};

}  // namespace heed
