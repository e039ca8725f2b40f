// Which kind of case is replayed how.
#include <functional>

#include "conformance/function.h"
#include "conformance/optimizers.h"
#include "conformance/training_run.h"

namespace heed::conformance {

Failures replay(const Case& given) {
  static const std::map<std::string, std::function<Failures(const Case&)>> kinds{
      {"op", [](const Case& op) { return replay_function(op, operations()); }},
      {"loss", [](const Case& loss) { return replay_function(loss, losses()); }},
      {"layer", replay_layer},
      {"optim", replay_optimizer},
      {"clip", replay_clip},
      {"schedule", replay_schedule},
      {"training", replay_training},
  };
  return look_up(kinds, given.kind(), "kind")(given);
}

}  // namespace heed::conformance
