// Options that are on or off.
#pragma once

#include <string>

#include <CLI/CLI.hpp>

namespace remember {

/// Makes "true" of true, yes, on and 1, in any case, "false" of their opposites; says what is wrong with another text.
std::string read_switch(std::string& text);
/// A flag, also --NAME=VALUE, as read_switch() reads values; another is refused by name. One that is on unless turned
/// off is "--NAME,!--no-NAME".
CLI::Option* add_switch(CLI::App& app, const std::string& name, bool& value, const std::string& what);
/// Whether a flag is on when it is not given: it has a form --no-NAME.
bool is_on_unless_given(const CLI::Option& flag);

}  // namespace remember
