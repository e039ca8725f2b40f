// CapacityStage: one length of a search for a model's capacity. From the stages so far capacity_found() tells what is
// found and which length is next. It knows nothing of models, so that it can be tested without one. Who trains:
// capacity.h.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

namespace remember {

/// A model remembers n symbols if it writes this share of fresh problems of length n exactly.
inline constexpr double kRemembers = 0.99;
/// The second, weaker measure: every other output is exact.
inline constexpr double kRemembersHalf = 0.5;

/// Training on lengths up to `length`, which went on from the weights of the stage before, and how it ended.
struct CapacityStage {
  int64_t length = 0;
  double goal = kRemembers;  ///< training ended as soon as so many outputs of that length were exact
  double exact = 0;          ///< with the weights that training ended with and the next stage goes on from
  bool converged = false;    ///< whether training ended at a plateau below the goal
  int64_t steps = 0;
  int64_t examples = 0;
  double seconds = 0;
  friend bool operator==(const CapacityStage&, const CapacityStage&) = default;
};

/// What a search trains on next.
struct CapacityGoal {
  int64_t length = 0;
  double exact = kRemembers;
  friend bool operator==(const CapacityGoal&, const CapacityGoal&) = default;
};

/// What a search has found.
struct CapacityFound {
  int64_t longest_99 = 0;
  int64_t longest_50 = 0;
  bool known_99 = false;                  ///< false: `longest_99` is a lower bound
  bool known_50 = false;                  ///< the same of `longest_50`
  std::optional<CapacityGoal> next = {};  ///< empty: the search is at its end

  bool converged() const { return known_99 && known_50; }
};

struct CapacityLengths {
  int64_t step = 1;      ///< lengths are multiples of it
  int64_t shortest = 1;  ///< the first one
  int64_t longest = 64;  ///< the search goes no further
};

/// First for 99 %, then for 50 %: the length grows by a quarter, at least by one step, until training converges below
/// that share; then the middle between the longest length reached and the shortest one that was not is tried, until
/// they are at most an eighth (or one step) apart. So lengths are known to 12.5 %, those up to 15 exactly. The search
/// ends before if `longest` is reached, or with a stage that neither reached its goal nor converged: time ran out.
CapacityFound capacity_found(const std::vector<CapacityStage>& stages, const CapacityLengths& lengths);

}  // namespace remember
