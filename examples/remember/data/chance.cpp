// What guessing is worth: see chance.h.
#include "data/chance.h"

namespace remember {

double chance(std::string_view task, int64_t symbols) {
  return task == "parity" ? 0.5 : task == "missing-duplicate" ? 1 / static_cast<double>(symbols) : 0;
}

}  // namespace remember
