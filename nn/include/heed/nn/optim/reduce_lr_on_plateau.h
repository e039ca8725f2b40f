// ReduceLROnPlateau: lowers the rate when a measure has stopped improving. Unlike the schedules of lr_schedule.h it
// depends on the past, and has a state.
#pragma once

#include <cstdint>
#include <vector>

#include <heed/nn/optim/optimizer.h>

namespace heed {

enum class PlateauMode { min, max };  ///< whether smaller or larger is better
/// The minimal improvement that counts: relative to the best measure's magnitude, or absolute. Both also work for
/// measures below 0 (where PyTorch's rel accepts any measure).
enum class PlateauThreshold { rel, abs };

/// torch.optim.lr_scheduler.ReduceLROnPlateau's arguments.
struct PlateauOptions {
  PlateauMode mode = PlateauMode::min;
  double factor = 0.1;
  int64_t patience = 10;  ///< steps without improvement that are allowed; the next one lowers the rate
  double threshold = 1e-4;
  PlateauThreshold threshold_mode = PlateauThreshold::rel;
  int64_t cooldown = 0;              ///< steps after a reduction in which bad ones do not count
  std::vector<double> min_lr = {0};  ///< one for all groups, or one per group
  double eps = 1e-8;                 ///< smaller reductions are not made
};

class ReduceLROnPlateau {
 public:
  /// `optimizer` must outlive it. Throws ValueError unless 0 ≤ factor < 1, counts and thresholds are 0 or more, and
  /// min_lr has one number or one for each group.
  explicit ReduceLROnPlateau(Optimizer& optimizer, const PlateauOptions& options = {});

  /// Takes the measure of one more epoch (NaN: no improvement) and lowers the rates, by `factor` but not below min_lr,
  /// when that is due. Throws ValueError when the optimizer was destroyed.
  void step(double metric);

  double best() const { return best_; }
  int64_t bad_epochs() const { return bad_epochs_; }
  /// "best", "num_bad_epochs" and "cooldown_counter", rank 0. Rates are in the optimizer's state.
  StateDict state_dict() const;
  /// Throws ValueError, with nothing changed, unless it has just those entries.
  void load_state_dict(const StateDict& state);

 private:
  bool improved(double metric) const;
  void reduce();

  Optimizer& optimizer_;
  detail::Watch optimizer_life_;
  PlateauOptions options_;
  double best_;
  int64_t bad_epochs_ = 0;
  int64_t cooldown_left_ = 0;
};

}  // namespace heed
