// Reached: how soon a run was 50, 90 and 99 % exact.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

namespace remember {

/// The shares exact that are looked for.
inline constexpr std::array kReachedLevels = {0.5, 0.9, 0.99};

/// When so many outputs were first measured to be exact. Between two validations nothing is measured, so that examples
/// are known to `valid_every` steps.
struct Reached {
  double exact = 0;          ///< one of kReachedLevels
  int64_t length = 0;        ///< of the sources: the longest one trained on; 0: the validation problems of all lengths
  int64_t examples = 0;      ///< seen in training until then, repeated ones each time
  double seconds = 0;        ///< of training and validation
  double multiply_adds = 0;  ///< of training, forward and backward
};

/// From the metrics of a run, those of all lengths first. What was never reached is left out. Throws heed::FileError
/// for a file that cannot be read.
std::vector<Reached> reached_in(const std::string& metrics);

}  // namespace remember
