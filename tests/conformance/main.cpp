// conformance DIR: replays every case of a folder and compares with what the case expects. A line for each array that
// differs, then "N passed, N failed". Exit code 1 when a case failed or there was none, 2 for wrong usage.
#include <algorithm>
#include <exception>
#include <filesystem>
#include <iostream>
#include <string>
#include <vector>

#include "conformance/case.h"

namespace {

namespace fs = std::filesystem;
using heed::conformance::Case;
using heed::conformance::Failures;

std::vector<fs::path> cases_of(const fs::path& folder) {
  std::vector<fs::path> paths;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder)) {
    if (entry.path().extension() == ".npz") {
      paths.push_back(entry.path());
    }
  }
  std::sort(paths.begin(), paths.end());
  return paths;
}

Failures failures_of(const fs::path& path) {
  try {
    return replay(Case(path.string()));
  } catch (const std::exception& error) {
    std::string line = error.what();  // a failure is one line, whatever was thrown
    std::replace(line.begin(), line.end(), '\n', ' ');
    return {line};
  }
}

int run(const fs::path& folder) {
  int64_t passed = 0, failed = 0;
  for (const fs::path& path : cases_of(folder)) {
    const Failures failures = failures_of(path);
    ++(failures.empty() ? passed : failed);
    for (const std::string& failure : failures) {
      std::cout << path.stem().string() << ": " << failure << '\n';
    }
  }
  std::cout << passed << " passed, " << failed << " failed\n";
  return failed == 0 && passed > 0 ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2 || std::string(argv[1]).starts_with("-")) {
    std::cerr << "usage: conformance DIR\n\nreplays the cases (*.npz) in DIR\n";
    return 2;
  }
  try {
    return run(argv[1]);
  } catch (const std::exception& error) {
    std::cerr << "conformance: " << error.what() << '\n';
    return 1;
  }
}
