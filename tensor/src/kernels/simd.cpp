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
};

static_assert((HWY_TARGETS & HWY_EMU128) == 0, "the scalar target is HWY_SCALAR: cmake/HeedHighway.cmake");

#ifdef HWY_NEON_WITHOUT_AES
constexpr int64_t kNeon = HWY_NEON_WITHOUT_AES;
#else
constexpr int64_t kNeon = HWY_NEON;
#endif

// Every target that heed compiles for (cmake/HeedHighway.cmake), best first.
constexpr Target kTargets[] = {
#if HWY_ARCH_X86
    {"avx512", HWY_AVX3},
    {"avx2", HWY_AVX2},
    {"sse4", HWY_SSE4},
#elif HWY_ARCH_ARM_A64
    {"neon", kNeon},
#endif
    {"scalar", HWY_SCALAR},
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

  static bool runs(const Target& target) {
    // Highway's list of what the processor supports leaves out the scalar target when it has a better baseline.
    if (target.bit == HWY_SCALAR) return true;
    // Every 64-bit Arm processor has NEON; Highway 1.0 also asks for AES, which no kernel uses.
    if (HWY_ARCH_ARM_A64 && target.bit == kNeon) return true;
    return (target.bit & HWY_TARGETS & hwy::SupportedTargets()) != 0;
  }

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
