// Whether operations are recorded on this thread.
#pragma once

namespace heed {

/// True unless a NoGrad scope is open on this thread.
bool grad_enabled();

/// Sets recording on or off while it lives; scopes nest.
class GradMode {
 public:
  explicit GradMode(bool enabled);
  ~GradMode();
  GradMode(const GradMode&) = delete;
  GradMode& operator=(const GradMode&) = delete;

 private:
  bool previous_;
};

/// While it lives, operations on this thread make no graph: `NoGrad no_grad;`.
class NoGrad : public GradMode {
 public:
  NoGrad() : GradMode(false) {}
};

}  // namespace heed
