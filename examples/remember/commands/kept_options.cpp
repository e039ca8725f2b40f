// Keeps options and gives them back: see kept_options.h.
#include "commands/kept_options.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <map>
#include <string_view>

#include <heed/tensor/file.h>

#include "commands/config_text.h"
#include "commands/switch_option.h"
#include "run/option_changes.h"
#include "usage_error.h"

namespace remember {

namespace {

constexpr const char* kThreads = "--threads";

bool is_flag(const CLI::Option& option) { return option.get_expected_min() == 0; }

std::string text_unless_given(const CLI::Option& option) {
  if (is_flag(option)) {
    return is_on_unless_given(option) ? "true" : "false";
  }
  return option.get_name() == kThreads ? "" : option.get_default_str();  // for as many as there are there is no number
}

std::string text_of(const CLI::Option& option) {
  return option.count() > 0 ? option.as<std::string>() : text_unless_given(option);
}

/// The values by key. Throws UsageError unless the file is of this command.
std::map<std::string, std::string> kept_values(const std::string& command, const std::string& folder) {
  const std::string path = folder + '/' + kOptionsFile;
  std::ifstream input(path);
  std::map<std::string, std::string> values;
  for (const ConfigLine& line : read_config_lines(input, path)) {
    require(line.section == command, "--resume", "given a folder that remember " + command + " made",
            folder + ", which remember " + line.section + " made");
    if (!line.key.empty()) {
      values[line.key] = line.value.value_or("true");
    }
  }
  return values;
}

void set(CLI::Option& option, const std::string& value) {
  option.add_result(is_flag(option) ? option.get_flag_value(option.get_single_name(), value) : value);
  option.run_callback();
}

std::string shown(const std::string& value) { return value.empty() ? "''" : value; }

}  // namespace

bool is_kept(const CLI::Option& option) {
  constexpr std::array<std::string_view, 5> kOfOneCall = {"--out", "--resume", "--force", "--stop-at", "--quiet"};
  return option.get_configurable() &&
         std::find(kOfOneCall.begin(), kOfOneCall.end(), option.get_name()) == kOfOneCall.end();
}

void keep_options(const CLI::App& command, const std::string& folder) {
  const std::string name = command.get_name();
  std::string text = "# What remember " + name + " was given; --resume reads it.\n[" + name + "]\n";
  for (const CLI::Option* option : command.get_options([](const CLI::Option* o) { return is_kept(*o); })) {
    if (const std::string value = text_of(*option); !value.empty()) {
      text += option->get_single_name() + '=' + config_value(value) + '\n';
    }
  }
  heed::write_file(folder + '/' + kOptionsFile, text);
}

void restore_options(CLI::App& command, const std::string& folder, const std::vector<std::string>& changeable) {
  if (!std::filesystem::exists(folder + '/' + kOptionsFile)) {
    return;
  }
  std::map<std::string, std::string> values = kept_values(command.get_name(), folder);
  std::vector<OptionChange> changes;
  for (CLI::Option* option : command.get_options([](CLI::Option* o) { return is_kept(*o); })) {
    const auto found = values.find(option->get_single_name());
    const std::string before = found == values.end() ? text_unless_given(*option) : found->second;
    const bool may_change = std::find(changeable.begin(), changeable.end(), option->get_name()) != changeable.end();
    if (option->count() == 0 && found != values.end()) {
      set(*option, before);
    } else if (text_of(*option) != before && !may_change) {
      changes.push_back({option->get_name(), shown(before), shown(text_of(*option))});
    }
    values.erase(option->get_single_name());
  }
  for (const auto& [key, value] : values) {
    throw UsageError(folder + '/' + kOptionsFile + ": remember " + command.get_name() + " has no option '" + key + "'");
  }
  refuse_changes(changes, folder);
}

}  // namespace remember
