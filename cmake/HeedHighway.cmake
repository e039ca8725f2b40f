# heed_use_highway(TARGET SCOPE): sources of TARGET may hold kernels for Highway's foreach_target.h. All of them are compiled for the
# same instruction sets, since the choice of one at run time is an index into that list.
#
# Only sets that tensor/src/kernels/simd.cpp has a name for are compiled, whatever else a version of Highway knows:
# - SVE's vectors have no size that the compiler knows, so they cannot stand in the arrays of the matrix product's and of attention's tiles.
# - SSE2, SSSE3 and the newer kinds of AVX-512 double what there is to compile, for no machine or no gain.
# - EMU128, which Highway takes for "scalar" with g++ 14 and clang, divides by 0 to 0, and its Min and Max drop NaN.
# AES and half floats no kernel uses, and compilers differ in whether they can ask the processor for these. Highway's
# checks in debug builds call its library, which heed does without: loading it takes longer than loading all the rest.
# Sanitizers multiply what inlined SIMD costs to compile, so under them there are two sets.

# NEON without AES is what every 64-bit Arm processor has and needs no compiler option; Highway 1.0.3 has NEON with AES alone.
include(CheckCXXSymbolExists)
set(CMAKE_REQUIRED_INCLUDES ${libhwy_INCLUDE_DIRS})
check_cxx_symbol_exists(HWY_NEON_WITHOUT_AES hwy/detect_targets.h HEED_NEON_WITHOUT_AES)
unset(CMAKE_REQUIRED_INCLUDES)

function(heed_use_highway target scope)
  set(sets HWY_AVX2 HWY_SCALAR)
  if(HEED_NEON_WITHOUT_AES)
    list(APPEND sets HWY_NEON_WITHOUT_AES)
  else()
    list(APPEND sets HWY_NEON)
  endif()
  if(NOT HEED_SANITIZE)
    list(APPEND sets HWY_AVX3 HWY_SSE4)
  endif()
  list(JOIN sets "|" sets)
  target_compile_definitions(${target} ${scope} HWY_COMPILE_ALL_ATTAINABLE HWY_BROKEN_EMU128=1
                             HWY_DISABLE_PCLMUL_AES HWY_DISABLE_F16C HWY_IS_DEBUG_BUILD=0 HWY_DISABLED_TARGETS=~\(${sets}\))
  target_include_directories(${target} SYSTEM ${scope} ${libhwy_INCLUDE_DIRS})
endfunction()
