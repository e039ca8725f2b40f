// fuzz_replay CORPUS: gives every file of CORPUS/TARGET to that target, without a fuzzer. Those named good-… must be
// read.
#include <filesystem>
#include <iostream>
#include <map>

#include "fuzz/targets.h"

int main(int argc, char** argv) {
  const std::map<std::string, bool (*)(const std::string&)> targets = {{"npy", fuzz::read_npy},
                                                                       {"npz", fuzz::read_npz},
                                                                       {"safetensors", fuzz::read_safetensors},
                                                                       {"lines", fuzz::read_lines},
                                                                       {"pairs", fuzz::read_pairs},
                                                                       {"checkpoint", fuzz::read_checkpoint},
                                                                       {"configuration", fuzz::read_configuration}};
  int files = 0, refused = 0;
  for (const auto& [name, read] : targets) {
    for (const auto& entry :
         std::filesystem::directory_iterator(std::filesystem::path(argc > 1 ? argv[1] : "") / name)) {
      const bool is_good = entry.path().filename().string().starts_with("good");
      if (!read(entry.path().string()) && is_good) {
        std::cerr << "refused: " << entry.path().string() << '\n';
        ++refused;
      }
      ++files;
    }
  }
  std::cout << files << " files\n";
  return files == 0 || refused > 0 ? 1 : 0;
}
