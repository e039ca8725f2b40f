// The BLAS that a peer's process has loaded, and which of its kernels it chose. OpenBLAS chooses by the processor's
// name, so on one that it does not know it may run its oldest kernels, and whoever is beside it looks fast.
#pragma once

#include <string>

namespace heed::bench {

/// What OpenBLAS's better cores need.
struct ProcessorFeatures {
  bool avx2 = false;    ///< with FMA
  bool avx512 = false;  ///< F, BW, CD, DQ and VL, as on Skylake
};
ProcessorFeatures processor_features();

/// The core to ask for with OPENBLAS_CORETYPE in place of `core`, which is below what the processor has: SkylakeX or
/// Haswell. Empty where `core` is good enough, or not one that is known to be old.
std::string better_core(const ProcessorFeatures& processor, const std::string& core);

/// The library from which this process takes sgemm; its core and description where it is OpenBLAS, else empty.
struct Blas {
  std::string library, core, description;
};
Blas loaded_blas();

/// Sees to it that OpenBLAS runs no core below what the processor has. If it does, starts this program anew with
/// OPENBLAS_CORETYPE set, unless that is set already: by the user, which is respected, or by this function, in vain.
/// Returns why nothing may be measured then, or with a BLAS that may be the reference one; else nothing. To be called
/// before anything is read or written.
std::string require_good_core(char** arguments);

/// BLAS, core and what oneDNN may use, in one line; empty in a process without either.
std::string loaded_kernels();

}  // namespace heed::bench
