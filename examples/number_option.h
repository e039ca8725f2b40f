// Options that take numbers, with messages of our own for what is no number.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include <CLI/CLI.hpp>

namespace examples {

/// A number is decimal, with a sign or not, without blanks, separators or a base: 010 is ten. Whatever else is given is
/// refused by name.
CLI::Option* add_number(CLI::App& app, const std::string& name, int64_t& value, const std::string& what);
CLI::Option* add_number(CLI::App& app, const std::string& name, uint64_t& value, const std::string& what);
CLI::Option* add_number(CLI::App& app, const std::string& name, double& value, const std::string& what);
/// A number that is handed on when it is given.
CLI::Option* add_number(CLI::App& app, const std::string& name, const std::function<void(int64_t)>& use,
                        const std::string& what);

}  // namespace examples
