// Reads sizes from a job's description.
#include "worker/step_size.h"

#include <stdexcept>

namespace heed::bench {

StepSize step_size_of(const Words& words) {
  if (words.size() != 6) throw std::invalid_argument("a training step is: steps W1 B T H V");
  return {number_of(words[2]), number_of(words[3]), number_of(words[4]), number_of(words[5])};
}

}  // namespace heed::bench
