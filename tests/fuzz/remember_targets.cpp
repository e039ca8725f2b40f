// Targets that are readers of remember.
#include <fstream>

#include <heed/tensor/error.h>

#include "commands/config_text.h"
#include "data/pairs.h"
#include "fuzz/targets.h"
#include "run/saved_run.h"
#include "text/usage_error.h"

namespace fuzz {

bool read_pairs(const std::string& path) {
  return is_read<heed::FileError>(
      [&] { remember::read_pairs(path, remember::Cut::automatic, remember::Cut::automatic); });
}

bool read_checkpoint(const std::string& path) {
  return is_read<heed::FileError>([&] { remember::restore_model(remember::load_run(path), path); });
}

bool read_configuration(const std::string& path) {
  return is_read<remember::UsageError>([&] {
    std::ifstream input(path);
    remember::read_config_lines(input, path);
  });
}

}  // namespace fuzz
