// Options that take numbers, with this program's own error messages.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <type_traits>

#include <CLI/CLI.hpp>

namespace examples {

/// A number is decimal, with or without a sign, without blanks, separators or a base: 010 is ten. Other text is refused
/// with the name of the option.
template <class Number>  // int64_t, uint64_t or double
requires std::is_arithmetic_v<Number> CLI::Option* add_number(CLI::App& app, const std::string& name, Number& value,
                                                              const std::string& help);
/// A number that is passed to `use` when it is given.
CLI::Option* add_number(CLI::App& app, const std::string& name, const std::function<void(int64_t)>& use,
                        const std::string& help);

/// For CLI::Option::check of a whole number: refuses one outside [low, high].
CLI::Validator between(int64_t low, int64_t high);

}  // namespace examples
