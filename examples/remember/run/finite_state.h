// Whether a state holds a number that is not finite.
#pragma once

#include <optional>
#include <string>

#include <heed/nn/core/module.h>

namespace remember {

struct NotFinite {
  std::string name;   ///< of the entry
  std::string value;  ///< the first: "inf", "-inf" or "nan"
};

/// The first entry of the state with an infinity or a NaN.
std::optional<NotFinite> find_not_finite(const heed::StateDict& state);
/// The same for parameters.
std::optional<NotFinite> find_not_finite(const std::vector<std::pair<std::string, heed::Variable>>& parameters);
/// "inf", "-inf" or "nan", or the number.
std::string named_number(double value);

}  // namespace remember
