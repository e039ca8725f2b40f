// The help of the program and of its commands, for terminals of 80 columns.
#pragma once

#include <string>

#include <CLI/CLI.hpp>

namespace remember {

/// Options by group, each with its value, its description and, in brackets, its default. For CLI::App::formatter_fn.
std::string help_text(const CLI::App* app, const std::string& name, CLI::AppFormatMode mode);

}  // namespace remember
