// Option changes: options of an existing run that differ from those asked for now.
#pragma once

#include <string>
#include <vector>

#include "run/options.h"

namespace remember {

/// An option with two values, as text.
struct OptionChange {
  std::string option;  ///< as on the command line: "--hidden"
  std::string before;
  std::string asked;
};

/// The options that differ, each once, without paths of files, which may change.
std::vector<OptionChange> option_changes(const RunOptions& before, const RunOptions& asked);

/// Throws UsageError with a line for each change, if there is any: "--hidden: 64 in FOLDER, 128 asked".
void refuse_changes(const std::vector<OptionChange>& changes, const std::string& folder);

}  // namespace remember
