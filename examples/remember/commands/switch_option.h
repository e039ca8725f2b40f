// Options that are on or off.
#pragma once

#include <string>

#include <CLI/CLI.hpp>

namespace remember {

/// A flag, also --NAME=true or --NAME=false; another value is refused by name. One that is on unless turned off is
/// "--NAME,!--no-NAME".
CLI::Option* add_switch(CLI::App& app, const std::string& name, bool& value, const std::string& what);
/// Whether a flag is on when it is not given: it has a form --no-NAME.
bool is_on_unless_given(const CLI::Option& flag);

}  // namespace remember
