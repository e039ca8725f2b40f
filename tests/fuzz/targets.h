// The readers that are fuzzed, each as a function of a file's path. What they throw on purpose they catch.
#pragma once

#include <string>

namespace fuzz {

void read_npy(const std::string& path);
void read_npz(const std::string& path);
void read_safetensors(const std::string& path);
void read_lines(const std::string& path);
/// As `remember` reads them.
void read_pairs(const std::string& path);
void read_checkpoint(const std::string& path);
void read_configuration(const std::string& path);

}  // namespace fuzz
