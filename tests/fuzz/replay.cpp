// fuzz_replay CORPUS: gives every file of CORPUS/TARGET to that target, without a fuzzer.
#include <filesystem>
#include <iostream>
#include <map>

#include "fuzz/targets.h"

int main(int argc, char** argv) {
  const std::map<std::string, void (*)(const std::string&)> targets = {{"npy", fuzz::read_npy},
                                                                       {"npz", fuzz::read_npz},
                                                                       {"safetensors", fuzz::read_safetensors},
                                                                       {"lines", fuzz::read_lines},
                                                                       {"pairs", fuzz::read_pairs},
                                                                       {"checkpoint", fuzz::read_checkpoint},
                                                                       {"configuration", fuzz::read_configuration}};
  int files = 0;
  for (const auto& [name, read] : targets) {
    for (const auto& entry :
         std::filesystem::directory_iterator(std::filesystem::path(argc > 1 ? argv[1] : "") / name)) {
      read(entry.path().string());
      ++files;
    }
  }
  std::cout << files << " files\n";
  return files == 0 ? 1 : 0;
}
