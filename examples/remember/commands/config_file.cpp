// Options from files: see config_file.h.
#include "commands/config_file.h"

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <fstream>
#include <system_error>

#include <heed/tensor/file.h>

#include "commands/config_text.h"
#include "commands/nearest_word.h"
#include "commands/option_kinds.h"
#include "text/usage_error.h"
#include "text/words.h"

namespace remember {

namespace {

std::vector<std::string> command_names(const CLI::App& program) {
  std::vector<std::string> names;
  for (const CLI::App* command : program.get_subcommands([](const CLI::App*) { return true; })) {
    names.push_back(command->get_name());
  }
  return names;
}

std::vector<std::string> keys_of(const CLI::App& command) {
  std::vector<std::string> keys;
  for (const CLI::Option* option : command.get_options([](const CLI::Option* o) { return o->get_configurable(); })) {
    keys.insert(keys.end(), option->get_lnames().begin(), option->get_lnames().end());
    if (option->get_positional()) {
      keys.push_back(option->get_name());
    }
  }
  return keys;
}

/// The command of a line's section. Throws UsageError if there is none.
const CLI::App& command_of(const CLI::App& program, const ConfigLine& line, const std::string& place) {
  const std::vector<std::string> names = command_names(program);
  if (line.section.empty()) {
    throw UsageError(place + line.key + ": must stand in the section of a command, such as [" + joined(names, "], [") +
                     "], got it before the first");
  }
  if (std::find(names.begin(), names.end(), line.section) == names.end()) {
    throw UsageError(place + "there is no command '" + line.section + "' for a section" +
                     did_you_mean(names, line.section));
  }
  return *program.get_subcommand(line.section);
}

const CLI::Option& option_of(const CLI::App& command, const ConfigLine& line, const std::string& place) {
  const CLI::Option* option = option_called(command, line.key);
  if (option == nullptr) {
    const std::string bare = line.key.substr(std::min(line.key.find_first_not_of('-'), line.key.size()));
    throw UsageError(place + command.get_name() + " has no option '" + line.key + "'" +
                     did_you_mean(keys_of(command), bare));
  }
  return *option;
}

/// The value of a flag as "true" or "false", that of another option unchanged.
std::string value_of(const CLI::Option& option, const ConfigLine& line, const std::string& place) {
  if (option.get_expected_min() > 0) {
    if (!line.value) {
      throw UsageError(place + line.key + ": must be given a value, as in " + line.key + "=…, got none");
    }
    return *line.value;
  }
  std::string value = line.value.value_or("true");
  if (const std::string wrong = read_switch(value); !wrong.empty()) {
    throw UsageError(place + line.key + ": " + wrong);
  }
  return value;
}

}  // namespace

const CLI::Option* option_called(const CLI::App& command, const std::string& key) {
  for (const CLI::Option* option : command.get_options([](const CLI::Option* o) { return o->get_configurable(); })) {
    const bool positional = option->get_positional() && option->get_name() == key;
    if (positional ||
        std::find(option->get_lnames().begin(), option->get_lnames().end(), key) != option->get_lnames().end()) {
      return option;
    }
  }
  return nullptr;
}

std::vector<CLI::ConfigItem> ConfigFile::from_config(std::istream& input) const {
  const CLI::Option& given = *program_.get_config_ptr();
  require(given.count() == 1, "--config", "given once", std::to_string(given.count()) + " files");
  const auto file = given.as<std::string>();
  const CLI::App* chosen = program_.get_subcommands().empty() ? nullptr : program_.get_subcommands().front();
  std::map<const CLI::Option*, int64_t> lines;
  std::vector<CLI::ConfigItem> values;
  bool has_section = chosen == nullptr;
  for (const ConfigLine& line : read_config_lines(input, file)) {
    const std::string place = config_place(file, line.number);
    const CLI::App& command = command_of(program_, line, place);
    has_section = has_section || &command == chosen;
    if (line.key.empty()) {
      continue;
    }
    const CLI::Option& option = option_of(command, line, place);
    const std::string value = value_of(option, line, place);
    if (const auto [first, is_new] = lines.insert({&option, line.number}); !is_new) {
      throw UsageError(place + line.key + ": must be given once, got the same option in line " +
                       std::to_string(first->second) + " too");
    }
    if (&command == chosen && option.empty()) {  // the command line wins
      values.emplace_back();
      values.back().parents = {line.section};
      values.back().name = line.key;
      values.back().inputs = {value};
      places_[option.get_name()] = place;
    }
  }
  require(has_section, "--config", "a file with a section " + (chosen == nullptr ? "" : "[" + chosen->get_name() + "]"),
          file + " without one");
  return values;
}

std::string ConfigFile::place_of(const std::string& option) const {
  const auto place = places_.find(option);
  return place == places_.end() ? "" : place->second;
}

CLI::Validator readable_file() {
  return CLI::Validator(
      [](std::string& path) {
        std::error_code fault;
        errno = 0;
        if (std::filesystem::is_directory(path, fault)) {
          fault = std::make_error_code(std::errc::is_a_directory);
        } else if (const std::filesystem::file_status status = std::filesystem::status(path, fault);
                   std::filesystem::is_regular_file(status) && !std::ifstream(path)) {
          fault.assign(errno, std::generic_category());
        }
        return fault ? "cannot read " + (path.empty() ? "''" : path) + ": " + heed::system_message(fault.value())
                     : std::string();
      },
      "");
}

}  // namespace remember
