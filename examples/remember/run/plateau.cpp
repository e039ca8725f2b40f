// Plateau: see plateau.h.
#include "run/plateau.h"

#include <algorithm>
#include <cmath>

namespace remember {

namespace {

constexpr double kFactor = 0.3;
constexpr int64_t kMostLowered = 3;
constexpr double kLeastLossGain = 0.005;
constexpr int64_t kPerfectInARow = 3;

}  // namespace

double Plateau::rate_factor() const { return std::pow(kFactor, static_cast<double>(lowered)); }

void add_validation(Plateau& plateau, double exact, double loss, int64_t patience) {
  const bool more_exact = exact > plateau.best_exact;
  const bool lower_loss =
      std::isfinite(loss) && (plateau.best_loss < 0 || loss < plateau.best_loss * (1 - kLeastLossGain));
  plateau.best_exact = std::max(plateau.best_exact, exact);
  plateau.best_loss = lower_loss ? loss : plateau.best_loss;
  plateau.perfect = exact >= 1 ? plateau.perfect + 1 : 0;
  plateau.waited = more_exact || lower_loss ? 0 : plateau.waited + 1;
  if (plateau.waited >= patience && plateau.lowered < kMostLowered) {
    ++plateau.lowered;
    plateau.waited = 0;
  }
  plateau.converged = plateau.waited >= patience || plateau.perfect >= kPerfectInARow;
}

int64_t first_judged_step(const RunOptions& options) {
  return std::max(options.training.warmup, options.data.grow_lengths);
}

int64_t least_validations(int64_t patience) { return 1 + (kMostLowered + 1) * patience; }

}  // namespace remember
