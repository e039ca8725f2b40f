// Reads /proc/self/status; proc(5) says what the lines mean, and that writing 5 to clear_refs resets the peak.
#include "worker/process_memory.h"

#include <malloc.h>

#include <fstream>
#include <stdexcept>
#include <string>

namespace heed::bench {
namespace {

int64_t status_bytes(const std::string& name) {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (line.rfind(name + ":", 0) == 0) return std::stoll(line.substr(name.size() + 1)) * 1024;
  }
  throw std::runtime_error("/proc/self/status has no " + name);
}

}  // namespace

int64_t resident_bytes() { return status_bytes("VmRSS"); }

int64_t peak_resident_bytes() { return status_bytes("VmHWM"); }

void reset_peak_memory() {
  malloc_trim(0);  // or what malloc keeps free would be used again unseen
  std::ofstream references("/proc/self/clear_refs");
  if (!(references << "5" << std::flush)) throw std::runtime_error("cannot reset the peak memory");
}

}  // namespace heed::bench
