// Targets that are readers of remember.
#include <fstream>

#include <heed/tensor/error.h>

#include "commands/config_text.h"
#include "data/pairs.h"
#include "fuzz/targets.h"
#include "run/saved_run.h"
#include "text/usage_error.h"

namespace fuzz {

void read_pairs(const std::string& path) {
  try {
    remember::read_pairs(path, remember::Cut::automatic, remember::Cut::automatic);
  } catch (const heed::FileError&) {
  }
}

void read_checkpoint(const std::string& path) {
  try {
    remember::restore_model(remember::load_run(path), path);
  } catch (const heed::FileError&) {
  }
}

void read_configuration(const std::string& path) {
  try {
    std::ifstream input(path);
    remember::read_config_lines(input, path);
  } catch (const remember::UsageError&) {
  }
}

}  // namespace fuzz
