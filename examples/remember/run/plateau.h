// Plateau: whether training still improves, from its validations. Decides when the learning rate is lowered, and when
// the model has converged.
#pragma once

#include <cstdint>

#include "run/options.h"

namespace remember {

/// What the validations so far have shown.
struct Plateau {
  double best_exact = -1;  ///< -1: no validation yet
  double best_loss = -1;   ///< -1: none that is a number yet
  int64_t waited = 0;      ///< validations in a row without improvement, at this rate
  int64_t lowered = 0;     ///< how often the rate was lowered
  int64_t perfect = 0;     ///< validations in a row with every output exact
  bool converged = false;

  /// What the learning rate is multiplied by.
  double rate_factor() const;
};

/// Takes one more validation: the share of exact outputs, and the teacher-forced cross-entropy. It is an improvement if
/// more outputs are exact than ever, or if the loss is at least 0.5 % below the lowest one. After `patience`
/// validations without one the rate is lowered to 0.3 times itself (as ReduceLROnPlateau does for one measure); when
/// that has happened three times (2.7 % of the rate), the next time means that the model has converged. So have all
/// that write every output exactly in three validations in a row, since they cannot improve.
void add_validation(Plateau& plateau, double exact, double loss, int64_t patience);

/// Step from which on validations show whether training still improves: before, the rate rises to its full size and
/// lengths grow.
int64_t first_judged_step(const RunOptions& options);

/// The fewest validations in which a model that does not learn everything can converge.
int64_t least_validations(int64_t patience);

}  // namespace remember
