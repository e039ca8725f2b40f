// EvaluationScope: evaluation mode of all modules on one thread.
#pragma once

namespace heed {

/// While it lives, all modules are in evaluation mode on this thread, whatever train() has told them: a `const Model&`
/// is evaluated without being written.
class EvaluationScope {
 public:
  EvaluationScope();
  ~EvaluationScope();
  EvaluationScope(const EvaluationScope&) = delete;
  EvaluationScope& operator=(const EvaluationScope&) = delete;
  static bool active();

 private:
  bool outer_;
};

}  // namespace heed
