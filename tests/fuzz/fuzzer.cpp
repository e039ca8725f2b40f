// A libFuzzer program of one target: HEED_FUZZ_READ reads a file, HEED_FUZZ_REPAIR repairs a mutated one.
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "fuzz/repair.h"
#include "fuzz/targets.h"

extern "C" size_t LLVMFuzzerMutate(uint8_t* data, size_t size, size_t most);

namespace {

[[maybe_unused]] std::string unrepaired(const std::string& bytes) { return bytes; }

/// The path of a file in memory with these bytes.
std::string file_of(const uint8_t* data, size_t size) {
  static const int number = memfd_create("input", 0);
  if (ftruncate(number, 0) != 0 || pwrite(number, data, size, 0) != static_cast<ssize_t>(size)) {
    std::abort();
  }
  return "/proc/self/fd/" + std::to_string(number);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  fuzz::HEED_FUZZ_READ(file_of(data, size));
  return 0;
}

extern "C" size_t LLVMFuzzerCustomMutator(uint8_t* data, size_t size, size_t most, unsigned seed) {
  using namespace fuzz;
  size = LLVMFuzzerMutate(data, size, most);
  if (seed % 8 == 0) {  // some stay as they are, so that the checks in front are reached too
    return size;
  }
  const std::string repaired = HEED_FUZZ_REPAIR(std::string(reinterpret_cast<const char*>(data), size));
  if (repaired.size() > most) {
    return size;
  }
  std::copy(repaired.begin(), repaired.end(), data);
  return repaired.size();
}
