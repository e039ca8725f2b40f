// Finds where the first infinity or NaN came from.
#pragma once

#include <heed/tensor/error.h>

namespace heed {

/// Names the operation (and the module it ran in) that made a non-finite value, forward or backward.
class AnomalyError : public Error {
 public:
  using Error::Error;
};

/// While it lives, each operation on this thread checks its results and throws AnomalyError at the first value that is
/// not finite; so does each backward function whose operation was recorded meanwhile. Slow: for debugging, not for
/// training.
class AnomalyMode {
 public:
  explicit AnomalyMode(bool enabled = true);
  ~AnomalyMode();
  AnomalyMode(const AnomalyMode&) = delete;
  AnomalyMode& operator=(const AnomalyMode&) = delete;

  static bool enabled();

 private:
  bool previous_;
};

}  // namespace heed
