// Kinds of options: switches, files, and texts that are parsed. Numbers: number_option.h.
#pragma once

#include <string>

#include <CLI/CLI.hpp>

namespace remember {

/// Changes true, yes, on and 1, in any case, into "true", and their opposites into "false"; returns what is wrong with
/// another text.
std::string read_switch(std::string& text);
/// A flag, also --NAME=VALUE, with values as read_switch() takes them. One that is on by default is
/// "--NAME,!--no-NAME".
CLI::Option* add_switch(CLI::App& app, const std::string& name, bool& value, const std::string& help);
/// Whether a flag is on by default: it has a form --no-NAME.
bool is_on_unless_given(const CLI::Option& flag);

/// The path of a file to read; it becomes absolute, so that a run can be resumed from any folder.
CLI::Option* add_file(CLI::App& app, const std::string& name, std::string& value, const std::string& help);

/// An option whose value `parse` makes from its text and its name; without the option it is made from `text`. `parse`
/// throws UsageError.
template <class Value>
CLI::Option* add_parsed(CLI::App& app, const std::string& name, Value& value, const std::string& text,
                        Value (*parse)(const std::string& text, const std::string& option), const std::string& help) {
  value = parse(text, name);
  const auto set = [&value, parse, name](const std::string& given) { value = parse(given, name); };
  return app.add_option_function<std::string>(name, set, help)->default_str(text);
}

/// Removes blanks around the words of a list, so that equal lists are equal texts.
CLI::Validator without_blanks();

/// For a value that must not be empty.
CLI::Validator some_text();

}  // namespace remember
