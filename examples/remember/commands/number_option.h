// Options that take numbers, with messages of our own for what is no number.
#pragma once

#include <cstdint>
#include <string>

#include <CLI/CLI.hpp>

namespace remember {

/// Refuses what is no whole number.
CLI::Validator whole_number();

CLI::Option* add_number(CLI::App& app, const std::string& name, int64_t& value, const std::string& what);
CLI::Option* add_number(CLI::App& app, const std::string& name, uint64_t& value, const std::string& what);
CLI::Option* add_number(CLI::App& app, const std::string& name, double& value, const std::string& what);

}  // namespace remember
