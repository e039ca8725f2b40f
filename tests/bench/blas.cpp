// Which core of OpenBLAS is good enough for a processor.
#include "worker/blas.h"

#include "support/catch.h"

namespace heed::bench {

TEST_CASE("a core of OpenBLAS below what the processor has is replaced by the one that fits it") {
  constexpr ProcessorFeatures old, avx2{true, false}, avx512{true, true};
  for (const char* core : {"Prescott", "Core2", "Nehalem", "Sandybridge", "Barcelona", "Bulldozer", "Excavator"}) {
    CAPTURE(core);
    CHECK(better_core(avx512, core) == "SkylakeX");
    CHECK(better_core(avx2, core) == "Haswell");
    CHECK(better_core(old, core) == "");
  }
  for (const char* core : {"Haswell", "Zen"}) {
    CAPTURE(core);
    CHECK(better_core(avx512, core) == "SkylakeX");
    CHECK(better_core(avx2, core) == "");
    CHECK(better_core(old, core) == "");
  }
  // The last is one that is not known: newer than this list, whose old names do not grow.
  for (const char* core : {"SkylakeX", "Cooperlake", "SapphireRapids", "Somethinglake"}) {
    CAPTURE(core);
    CHECK(better_core(avx512, core) == "");
    CHECK(better_core(avx2, core) == "");
  }
  CHECK(better_core(avx512, "") == "");  // a BLAS that is not OpenBLAS
}

}  // namespace heed::bench
