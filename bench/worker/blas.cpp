// Asks the loaded libraries by name, so that it needs none of them.
#include "worker/blas.h"

#include <dlfcn.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <filesystem>
#include <string_view>

namespace heed::bench {
namespace {

constexpr const char* kCoreType = "OPENBLAS_CORETYPE";
/// What OpenBLAS had chosen before this program was started anew.
constexpr const char* kFirstChoice = "HEED_BENCH_FIRST_CORE";

enum class Level { old, avx2, avx512 };

Level level_of(const std::string& core) {
  constexpr std::array<std::string_view, 25> kOld = {
      "Unknown", "Katmai",      "Coppermine", "Northwood",  "Prescott",    "Banias",    "Core2",
      "Penryn",  "Dunnington",  "Atom",       "Nehalem",    "Athlon",      "Opteron",   "Barcelona",
      "Bobcat",  "Sandybridge", "Bulldozer",  "Piledriver", "Steamroller", "Excavator", "Opteron_SSE3",
      "Nano",    "Viac3",       "Generic",    "generic"};
  if (std::find(kOld.begin(), kOld.end(), core) != kOld.end()) return Level::old;
  return core == "Haswell" || core == "Zen" ? Level::avx2 : Level::avx512;  // newer names are of newer kernels
}

std::string variable(const char* name) {
  const char* const value = std::getenv(name);
  return value == nullptr ? "" : value;
}

std::string text_from(void* library, const char* function) {
  void* const found = dlsym(library, function);
  const char* const text = found == nullptr ? nullptr : reinterpret_cast<const char* (*)()>(found)();
  return text == nullptr ? "" : text;
}

/// Whether the BLAS is one that names no core and fits every processor: MKL or BLIS.
bool chooses_unasked() {
  constexpr std::array<const char*, 3> kTheirs = {"MKL_Get_Version", "mkl_get_version", "bli_info_get_version_str"};
  return std::any_of(kTheirs.begin(), kTheirs.end(),
                     [](const char* function) { return dlsym(RTLD_DEFAULT, function) != nullptr; });
}

/// What oneDNN may use; empty where it is not loaded or says something new.
std::string onednn_instructions() {
  void* const found = dlsym(RTLD_DEFAULT, "dnnl_get_effective_cpu_isa");
  if (found == nullptr) return "";
  switch (const int isa = reinterpret_cast<int (*)()>(found)(); isa) {
    case 0x1:
      return "sse41";
    case 0x3:
      return "avx";
    case 0x7:
      return "avx2";
    case 0x407:
      return "avx2_vnni";
    case 0x27:
      return "avx512_core";
    case 0x67:
      return "avx512_core_vnni";
    case 0xe7:
      return "avx512_core_bf16";
    default:
      return isa > 0xe7 ? "better than avx512_core_bf16" : "";
  }
}

}  // namespace

ProcessorFeatures processor_features() {
#if defined(__x86_64__)
  __builtin_cpu_init();
  const bool has_avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
  return {has_avx2, has_avx2 && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
                        __builtin_cpu_supports("avx512cd") && __builtin_cpu_supports("avx512dq") &&
                        __builtin_cpu_supports("avx512vl")};
#else
  return {};
#endif
}

std::string better_core(const ProcessorFeatures& processor, const std::string& core) {
  if (core.empty()) return "";
  const Level level = level_of(core);
  if (processor.avx512 && level < Level::avx512) return "SkylakeX";
  if (processor.avx2 && level < Level::avx2) return "Haswell";
  return "";
}

Blas loaded_blas() {
  void* const sgemm = dlsym(RTLD_DEFAULT, "sgemm_");
  Dl_info where{};
  if (sgemm == nullptr || dladdr(sgemm, &where) == 0) return {};
  // Another library of the process may be OpenBLAS, too: what counts is the one that sgemm is called from.
  void* library = dlopen(where.dli_fname, RTLD_NOW | RTLD_NOLOAD);
  if (library == nullptr) library = dlopen(nullptr, RTLD_NOW);  // the program itself
  Blas blas;
  std::error_code failed;
  const std::filesystem::path path = std::filesystem::canonical(where.dli_fname, failed);
  blas.library = failed ? where.dli_fname : path.string();
  blas.core = text_from(library, "openblas_get_corename");
  blas.description = text_from(library, "openblas_get_config");
  return blas;
}

std::string require_good_core(char** arguments) {
  const Blas blas = loaded_blas();
  if (!blas.library.empty() && blas.core.empty() && !chooses_unasked()) {
    return blas.library +
           " does not say which core it runs, so it may be the reference BLAS, which has none for this " +
           "processor: nothing can be compared with it";
  }
  const std::string better = better_core(processor_features(), blas.core);
  const bool is_asked_for = !variable(kCoreType).empty();
  if (better.empty() || (is_asked_for && variable(kFirstChoice).empty())) return "";
  if (!is_asked_for) {
    setenv(kFirstChoice, blas.core.c_str(), 1);
    setenv(kCoreType, better.c_str(), 1);
    execv("/proc/self/exe", arguments);
  }
  return blas.library + " runs its core " + blas.core + ", below what the processor has, in spite of " + kCoreType +
         "=" + better + ": nothing can be compared with it";
}

std::string loaded_kernels() {
  const Blas blas = loaded_blas();
  std::string text = blas.library.empty() ? "" : "BLAS " + blas.library + ", ";
  if (!blas.library.empty()) text += blas.core.empty() ? "which names no core" : "core " + blas.core;
  if (!blas.core.empty()) {
    const std::string first = variable(kFirstChoice), asked = variable(kCoreType);
    if (!first.empty()) {
      text += " (set here: it had chosen " + first + ")";
    } else if (!asked.empty()) {
      text += " (" + std::string(kCoreType) + "=" + asked;
      text += better_core(processor_features(), blas.core).empty() ? ")" : ", below what the processor has)";
    }
    if (!blas.description.empty()) text += ", " + blas.description;
  }
  const std::string onednn = onednn_instructions();
  if (!onednn.empty()) text += (text.empty() ? "" : "; ") + std::string("oneDNN with ") + onednn;
  return text;
}

}  // namespace heed::bench
