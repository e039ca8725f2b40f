// The help of the program and of its commands, for terminals of 80 columns.
#pragma once

#include <string>

#include <CLI/CLI.hpp>

namespace remember {

/// Options by group, each with what it takes, what it does and, in brackets, what it is unless given.
/// For CLI::App::formatter_fn.
std::string help_text(const CLI::App* app, const std::string& name, CLI::AppFormatMode mode);

}  // namespace remember
