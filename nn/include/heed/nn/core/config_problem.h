// ConfigProblem: what is wrong with a configuration, for the factory that refuses it and for programs that check their
// options before they make a model.
#pragma once

#include <string>

namespace heed {

/// "<field> must be <requirement>, got <given>".
struct ConfigProblem {
  std::string field;  ///< a member's name, without those that it is nested in: "num_layers"
  std::string requirement;
  std::string given;
};

}  // namespace heed
