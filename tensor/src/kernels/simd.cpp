// The SIMD targets of this machine and the one in force.
#include "kernels/simd.h"

#include <array>
#include <atomic>
#include <cstdlib>

#include "kernels/simd_dispatch.h"

namespace heed::kernels {
namespace {

struct Target {
  const char* name;
  int64_t bit;
  bool (*runs)();  // what the processor and the system support
};

static_assert((HWY_TARGETS & HWY_EMU128) == 0, "the scalar target is HWY_SCALAR: cmake/HeedHighway.cmake");

#if HWY_ARCH_X86
// The sets in Highway's lists of each target, ops/set_macros-inl.h, without those that cmake/HeedHighway.cmake
// disables. The compiler's function also asks whether the system saves these registers.
bool runs_sse4() { return __builtin_cpu_supports("sse4.1") && __builtin_cpu_supports("sse4.2"); }
bool runs_avx2() {
  return runs_sse4() && __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi") &&
         __builtin_cpu_supports("bmi2") && __builtin_cpu_supports("fma");
}
bool runs_avx512() {
  return runs_avx2() && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512cd") &&
         __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512bw");
}
#elif HWY_ARCH_ARM_A64
#ifdef HWY_NEON_WITHOUT_AES
constexpr int64_t kNeon = HWY_NEON_WITHOUT_AES;
#else
constexpr int64_t kNeon = HWY_NEON;
#endif
#endif
bool always() { return true; }

// Every target that heed compiles for (cmake/HeedHighway.cmake), best first.
constexpr Target kTargets[] = {
#if HWY_ARCH_X86
    {"avx512", HWY_AVX3, runs_avx512},
    {"avx2", HWY_AVX2, runs_avx2},
    {"sse4", HWY_SSE4, runs_sse4},
#elif HWY_ARCH_ARM_A64
    {"neon", kNeon, always},
#endif
    {"scalar", HWY_SCALAR, always},
};

struct Targets {
  hwy::ChosenTarget choice;
  std::array<const char*, std::size(kTargets)> names{};
  size_t count = 0;
  std::atomic<const char*> current{nullptr};
  std::atomic<const char*> fault{nullptr};

  Targets() {
    for (const Target& target : kTargets) {
      if (runs(target)) names[count++] = target.name;
    }
    const char* wanted = std::getenv("HEED_SIMD");
    const bool given = wanted != nullptr && *wanted != '\0';
    if (given && pin(wanted)) return;
    pin(names[0]);
    if (given) fault.store(wanted);
  }

  static bool runs(const Target& target) { return (target.bit & HWY_TARGETS) != 0 && target.runs(); }

  bool pin(std::string_view name) {
    for (const Target& target : kTargets) {
      if (name != target.name || !runs(target)) continue;
      choice.Update(target.bit);
      current.store(target.name);
      fault.store(nullptr);
      return true;
    }
    return false;
  }
};

Targets& targets() {
  static Targets instance;
  return instance;
}

}  // namespace

hwy::ChosenTarget& simd_choice() { return targets().choice; }

std::span<const char* const> simd_target_names() { return {targets().names.data(), targets().count}; }

const char* simd_target_name() { return targets().current.load(); }

bool pin_simd_target(std::string_view name) { return targets().pin(name); }

const char* simd_environment_fault() { return targets().fault.load(); }

}  // namespace heed::kernels
