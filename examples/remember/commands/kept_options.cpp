// Keeps options and gives them back: see kept_options.h.
#include "commands/kept_options.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <map>
#include <sstream>
#include <stdexcept>
#include <string_view>
#include <system_error>
#include <utility>

#include <heed/tensor/file.h>

#include "commands/config_text.h"
#include "commands/option_kinds.h"
#include "run/option_changes.h"
#include "text/usage_error.h"

namespace remember {

namespace {

constexpr const char* kThreads = "--threads";

bool is_flag(const CLI::Option& option) { return option.get_expected_min() == 0; }

std::string text_unless_given(const CLI::Option& option) {
  if (is_flag(option)) {
    return is_on_unless_given(option) ? "true" : "false";
  }
  return option.get_name() == kThreads ? "" : option.get_default_str();  // "all cores" is not a value
}

std::string text_of(const CLI::Option& option) {
  return option.count() > 0 ? option.as<std::string>() : text_unless_given(option);
}

/// The lines by key. Throws UsageError if the file is of another command, heed::FileError if it cannot be read.
std::map<std::string, ConfigLine> kept_lines(const std::string& command, const std::string& folder) {
  const std::string path = folder + '/' + kOptionsFile;
  std::istringstream input(heed::read_file(path));
  std::map<std::string, ConfigLine> lines;
  for (ConfigLine& line : read_config_lines(input, path)) {
    require(!line.section.empty(), config_place(path, line.number) + line.key, "in the section [" + command + ']',
            "it before the first");
    require(line.section == command, "--resume", "given a folder that remember " + command + " made",
            folder + ", which remember " + line.section + " made");
    if (!line.key.empty()) {
      std::string key = line.key;
      lines[key] = std::move(line);
    }
  }
  return lines;
}

/// The line of an option, under any of its names.
std::map<std::string, ConfigLine>::iterator line_of(std::map<std::string, ConfigLine>& lines,
                                                    const CLI::Option& option) {
  for (const std::string& name : option.get_lnames()) {
    if (const auto found = lines.find(name); found != lines.end()) {
      return found;
    }
  }
  return lines.find(option.get_single_name());
}

std::string value_of(const ConfigLine& line) { return line.value.value_or("true"); }

/// Sets the option to the value of a line. Throws UsageError with file and line for a wrong value.
void set(CLI::Option& option, const ConfigLine& line, const std::string& file) {
  const std::string value = value_of(line);
  try {
    option.add_result(is_flag(option) ? option.get_flag_value(option.get_single_name(), value) : value);
    option.run_callback();
  } catch (const std::runtime_error& error) {  // from CLI11 or from this program
    throw UsageError(config_place(file, line.number) + error.what());
  }
}

}  // namespace

bool is_kept(const CLI::Option& option) {
  constexpr std::array<std::string_view, 5> kOfOneCall = {"--out", "--resume", "--force", "--stop-at", "--quiet"};
  return option.get_configurable() &&
         std::find(kOfOneCall.begin(), kOfOneCall.end(), option.get_name()) == kOfOneCall.end();
}

void keep_options(const CLI::App& command, const std::string& folder) {
  const std::string name = command.get_name();
  std::string text = "# Options of remember " + name + ", for --resume.\n[" + name + "]\n";
  for (const CLI::Option* option : command.get_options([](const CLI::Option* o) { return is_kept(*o); })) {
    if (const std::string value = text_of(*option); !value.empty()) {
      text += option->get_single_name() + '=' + config_value(value) + '\n';
    }
  }
  heed::write_file(folder + '/' + kOptionsFile, text);
}

bool is_folder_of(const std::string& command, const std::string& folder) {
  const std::string path = folder + '/' + kOptionsFile;
  std::error_code none;
  if (!std::filesystem::is_regular_file(path, none)) {
    return false;
  }
  std::istringstream input(heed::read_file(path));
  const std::vector<ConfigLine> lines = read_config_lines(input, path);
  return !lines.empty() && lines.front().section == command;
}

void restore_options(CLI::App& command, const std::string& folder, const std::vector<std::string>& changeable) {
  const std::string file = folder + '/' + kOptionsFile;
  if (!std::filesystem::exists(file)) {
    return;
  }
  std::map<std::string, ConfigLine> lines = kept_lines(command.get_name(), folder);
  std::vector<OptionChange> changes;
  for (CLI::Option* option : command.get_options([](CLI::Option* o) { return is_kept(*o); })) {
    const auto found = line_of(lines, *option);
    const std::string before = found == lines.end() ? text_unless_given(*option) : value_of(found->second);
    const bool may_change = std::find(changeable.begin(), changeable.end(), option->get_name()) != changeable.end();
    if (option->count() == 0 && found != lines.end()) {
      set(*option, found->second, file);
    } else if (text_of(*option) != before && !may_change) {
      changes.push_back({option->get_name(), before, text_of(*option)});
    }
    if (found != lines.end()) {
      lines.erase(found);
    }
  }
  for (const auto& [key, line] : lines) {
    throw UsageError(config_place(file, line.number) + command.get_name() + " has no option '" + key + "'");
  }
  refuse_changes(changes, folder);
}

}  // namespace remember
