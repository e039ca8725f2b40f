// RunOption: all that the program knows of an option of a training run, in one entry. From the entries are made: the
// command line and --help, configuration files, options in checkpoints and results (JSON), what --resume compares,
// notes about options without effect, and the settings in reports. A new option is a member in run/options.h and an
// entry in run/run_option.cpp.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "run/options.h"

namespace remember {

using OptionValue = std::variant<bool, int64_t, uint64_t, double, std::string, LengthRange>;
using OptionMember = std::variant<bool*, int64_t*, uint64_t*, double*, std::string*, LengthRange*>;

/// Which runs an option has an effect on; it is checked for those only.
struct OptionUse {
  bool (*has_effect)(const RunOptions&) = [](const RunOptions&) { return true; };
  const char* otherwise = "";  ///< where it has none: "without a transformer"
};

/// Whether --resume accepts another value. same: no. place: yes, a file may have moved. length: `train` may go on
/// longer. free: any, since the result does not depend on it; it is no part of checkpoints and results.
enum class OnResume { same, place, length, free };

struct RunOption {
  std::string name = {};        ///< "--hidden"
  std::string help = {};        ///< empty: another member of the option of that name, set together with it
  std::string value_name = {};  ///< what --help calls its value, "KIND"; FILE: a path; numbers have one of their own
  OptionUse use = {};
  OnResume on_resume = OnResume::same;
  bool in_compare = true;                      ///< whether `compare` and `capacity` have it
  bool in_capacity = true;                     ///< false: not `capacity`, whose searches set it
  std::string key = {};                        ///< in JSON; unless given made from the name: "grow_lengths"
  std::optional<OptionValue> if_missing = {};  ///< in a checkpoint older than the option; unless given it must be there
  std::string group = {};                      ///< "data", "model" or "training": in JSON, and a heading in --help
  std::function<OptionMember(RunOptions&)> member = {};
  std::function<void(const RunOptions&)> check = {};  ///< throws UsageError "--hidden: must be …, got …"
};

/// All options, in the order of --help and JSON.
const std::vector<RunOption>& run_options();

OptionValue value_of(const RunOption& option, RunOptions options);
/// As on the command line.
std::string to_string(const OptionValue& value);
/// The same for messages: text in quotation marks.
std::string quoted(const OptionValue& value);

/// Gives `options` the values that `from` has for the options that are free on --resume.
void take_free_options(RunOptions& options, RunOptions from);

/// Names of the options with one of these.
std::vector<std::string> names_of(const std::vector<OnResume>& kinds);

}  // namespace remember
