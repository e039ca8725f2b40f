// Option changes: see option_changes.h.
#include "run/option_changes.h"

#include <algorithm>

#include "run/options_json.h"
#include "usage_error.h"

namespace remember {

namespace {

using Json = nlohmann::ordered_json;

/// The option that sets what is called `key` in JSON: most are called alike.
std::string option_name(const std::string& key) {
  if (key == "cell") {
    return "--encoder";
  }
  if (key == "learning_rate") {
    return "--lr";
  }
  if (key == "source_tokens" || key == "target_tokens") {
    return "--tokens";
  }
  if (key.ends_with("_bytes")) {  // a file's name that is not UTF-8
    return option_name(key.substr(0, key.size() - 6));
  }
  std::string name = "--" + key;
  std::replace(name.begin(), name.end(), '_', '-');
  return name;
}

/// An empty text as two quotation marks, that it be seen.
std::string value_text(const Json& value) {
  if (!value.is_string()) {
    return value.dump();
  }
  const std::string text = value.get<std::string>();
  return text.empty() ? "''" : text;
}

}  // namespace

std::vector<OptionChange> option_changes(const RunOptions& before, const RunOptions& asked) {
  std::vector<OptionChange> changes;
  const Json then = before;
  const Json now = asked;
  for (const auto& [group, options] : then.items()) {
    for (const auto& [key, value] : options.items()) {
      const OptionChange change = {option_name(key), value_text(value), value_text(now.at(group).value(key, Json()))};
      const bool is_new = changes.empty() || changes.back().option != change.option;
      if (value != now.at(group).value(key, Json()) && is_new) {
        changes.push_back(change);
      }
    }
  }
  return changes;
}

void refuse_changes(const std::vector<OptionChange>& changes, const std::string& folder) {
  if (changes.empty()) {
    return;
  }
  std::string text = "--resume: must be given the options that the run in " + folder + " was made with, got others";
  for (const OptionChange& change : changes) {
    text += "\n  " + change.option + ": " + change.before + " in " + folder + ", " + change.asked + " asked";
  }
  throw UsageError(text);
}

void require_unchanged(const RunOptions& before, const RunOptions& asked, const std::string& folder) {
  refuse_changes(option_changes(before, asked), folder);
}

}  // namespace remember
