// main() of example programs without options: --help, errors, exit status.
#pragma once

#include <exception>
#include <functional>
#include <iostream>
#include <string_view>

#include "standard_streams.h"

namespace examples {

/// Runs `work` and returns the exit status: that of `work`, 1 if it throws or the standard output cannot be written, 2
/// for any argument except --help, which prints the description.
inline int run_program(int argc, char** argv, std::string_view name, std::string_view description,
                       const std::function<int()>& work) {
  open_standard_streams();
  if (argc > 1) {
    const std::string_view argument = argv[1];
    if (argument == "--help" || argument == "-h") {
      std::cout << description << "\nusage: " << name << '\n' << std::flush;
      return std::cout ? 0 : 1;
    }
    std::cerr << name << ": takes no arguments, got '" << argument << "'\nusage: " << name << '\n';
    return 2;
  }
  try {
    const int status = work();
    if (std::cout << std::flush) {
      return status;
    }
    std::cerr << name << ": the standard output cannot be written\n";
  } catch (const std::exception& error) {
    std::cerr << name << ": " << error.what() << '\n';
  }
  return 1;
}

}  // namespace examples
