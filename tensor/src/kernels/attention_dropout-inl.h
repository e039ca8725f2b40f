// Which weights of attention are dropped: Philox 4x32-10 (Salmon, Moraes, Dror, Shaw 2011), several blocks at a time.
#if defined(HEED_KERNELS_ATTENTION_DROPOUT_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef HEED_KERNELS_ATTENTION_DROPOUT_INL_H_
#undef HEED_KERNELS_ATTENTION_DROPOUT_INL_H_
#else
#define HEED_KERNELS_ATTENTION_DROPOUT_INL_H_
#endif

#include <hwy/highway.h>

#include <algorithm>
#include <cstdint>

#include "kernels/attention.h"

HWY_BEFORE_NAMESPACE();
namespace heed::kernels {
namespace HWY_NAMESPACE {

// Blocks computed at once: loops over them that the compiler turns into vectors.
constexpr int64_t kPhiloxBlocks = 8;

// Words 0 to 3 of blocks first to first + kPhiloxBlocks - 1, one after another.
HWY_INLINE void philox_blocks(const AttentionDropout& dropout, uint64_t first, uint32_t* out) {
  uint32_t c0[kPhiloxBlocks], c1[kPhiloxBlocks], c2[kPhiloxBlocks], c3[kPhiloxBlocks];
  for (int64_t b = 0; b < kPhiloxBlocks; ++b) {
    const uint64_t block = first + static_cast<uint64_t>(b);
    c0[b] = static_cast<uint32_t>(block);
    c1[b] = static_cast<uint32_t>(block >> 32);
    c2[b] = static_cast<uint32_t>(dropout.stream);
    c3[b] = static_cast<uint32_t>(dropout.stream >> 32);
  }
  auto k0 = static_cast<uint32_t>(dropout.seed);
  auto k1 = static_cast<uint32_t>(dropout.seed >> 32);
  for (int round = 0; round < 10; ++round) {
    for (int64_t b = 0; b < kPhiloxBlocks; ++b) {
      const uint64_t product0 = uint64_t{0xD2511F53} * c0[b];
      const uint64_t product1 = uint64_t{0xCD9E8D57} * c2[b];
      c0[b] = static_cast<uint32_t>(product1 >> 32) ^ c1[b] ^ k0;
      c1[b] = static_cast<uint32_t>(product1);
      c2[b] = static_cast<uint32_t>(product0 >> 32) ^ c3[b] ^ k1;
      c3[b] = static_cast<uint32_t>(product0);
    }
    k0 += 0x9E3779B9;
    k1 += 0xBB67AE85;
  }
  for (int64_t b = 0; b < kPhiloxBlocks; ++b) {
    out[4 * b] = c0[b];
    out[4 * b + 1] = c1[b];
    out[4 * b + 2] = c2[b];
    out[4 * b + 3] = c3[b];
  }
}

// factors[j * stride] for `count` weights from number `first` on: 0 where dropped.
template <class T>
void dropout_factors(const AttentionDropout& dropout, uint64_t first, int64_t count, T* factors, int64_t stride) {
  uint32_t words[4 * kPhiloxBlocks];
  const T kept = static_cast<T>(dropout.factor);
  int64_t skipped = static_cast<int64_t>(first % 4);
  uint64_t block = dropout.offset + first / 4;
  for (int64_t done = 0; done < count; block += kPhiloxBlocks) {
    philox_blocks(dropout, block, words);
    const int64_t n = std::min(4 * kPhiloxBlocks - skipped, count - done);
    for (int64_t j = 0; j < n; ++j) {
      factors[(done + j) * stride] = words[skipped + j] < dropout.threshold ? kept : T{0};
    }
    done += n;
    skipped = 0;
  }
}

}  // namespace HWY_NAMESPACE
}  // namespace heed::kernels
HWY_AFTER_NAMESPACE();

#endif  // HEED_KERNELS_ATTENTION_DROPOUT_INL_H_
