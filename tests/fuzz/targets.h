// The readers that are fuzzed, each as a function of a file's path: whether it was read. What they throw on purpose
// they catch.
#pragma once

#include <string>

namespace fuzz {

/// Calls read(); false if it threw a Refusal.
template <class Refusal, class Read>
bool is_read(const Read& read) {
  try {
    read();
    return true;
  } catch (const Refusal&) {
    return false;
  }
}

bool read_npy(const std::string& path);
bool read_npz(const std::string& path);
bool read_safetensors(const std::string& path);
bool read_lines(const std::string& path);
/// As `remember` reads them.
bool read_pairs(const std::string& path);
bool read_checkpoint(const std::string& path);
bool read_configuration(const std::string& path);

}  // namespace fuzz
