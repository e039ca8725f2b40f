// Option changes: see option_changes.h.
#include "run/option_changes.h"

#include "run/run_option.h"
#include "text/usage_error.h"

namespace remember {

std::vector<OptionChange> option_changes(const RunOptions& before, const RunOptions& asked) {
  std::vector<OptionChange> changes;
  for (const RunOption& option : run_options()) {
    const OptionChange change = {option.name, to_string(value_of(option, before)), to_string(value_of(option, asked))};
    const bool is_named = !changes.empty() && changes.back().option == change.option;
    const bool may_change = option.on_resume == OnResume::place || option.on_resume == OnResume::free;
    if (change.before != change.asked && !may_change && !is_named) {
      changes.push_back(change);
    }
  }
  return changes;
}

void refuse_changes(const std::vector<OptionChange>& changes, const std::string& folder) {
  if (changes.empty()) {
    return;
  }
  const auto shown = [](const std::string& value) { return value.empty() ? "''" : value; };
  std::string text = "--resume: must be given the options that the run in " + folder + " was made with, got others";
  for (const OptionChange& change : changes) {
    text +=
        "\n  " + change.option + ": " + shown(change.before) + " in " + folder + ", " + shown(change.asked) + " asked";
  }
  throw UsageError(text);
}

}  // namespace remember
