// Philox 4x32-10 and the tensors filled from it: element index → block, so threads do not matter.
#include <heed/tensor/random.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <utility>

#include <heed/tensor/create.h>
#include <heed/tensor/elementwise.h>
#include <heed/tensor/error.h>
#include <heed/tensor/parallel.h>

#include "core/dispatch.h"
#include "operations/empty_for.h"

namespace heed {

using Block = std::array<uint32_t, 4>;

std::array<uint32_t, 4> philox(std::array<uint32_t, 4> counter, std::array<uint32_t, 2> key) {
  constexpr uint64_t kMultiplier0 = 0xD2511F53;
  constexpr uint64_t kMultiplier1 = 0xCD9E8D57;
  constexpr uint32_t kWeyl0 = 0x9E3779B9;  // the golden ratio
  constexpr uint32_t kWeyl1 = 0xBB67AE85;  // √3 − 1
  for (int round = 0; round < 10; ++round) {
    const uint64_t product0 = kMultiplier0 * counter[0];
    const uint64_t product1 = kMultiplier1 * counter[2];
    counter = {static_cast<uint32_t>(product1 >> 32) ^ counter[1] ^ key[0], static_cast<uint32_t>(product1),
               static_cast<uint32_t>(product0 >> 32) ^ counter[3] ^ key[1], static_cast<uint32_t>(product0)};
    key[0] += kWeyl0;
    key[1] += kWeyl1;
  }
  return counter;
}

namespace {

/// Block `index` of a sequence: the counter is (index, stream), the key the seed.
Block block_at(const GeneratorState& state, uint64_t index) {
  return philox({static_cast<uint32_t>(index), static_cast<uint32_t>(index >> 32), static_cast<uint32_t>(state.stream),
                 static_cast<uint32_t>(state.stream >> 32)},
                {static_cast<uint32_t>(state.seed), static_cast<uint32_t>(state.seed >> 32)});
}

uint64_t low_word(const Block& block) { return uint64_t{block[1]} << 32 | block[0]; }
uint64_t high_word(const Block& block) { return uint64_t{block[3]} << 32 | block[2]; }

/// 53 bits as a number in [0, 1).
double unit_interval(uint64_t bits) { return static_cast<double>(bits >> 11) * 0x1p-53; }

/// The upper 64 bits of a × b, plus those that `carry` added to the lower 64 brings.
uint64_t multiply_high(uint64_t a, uint64_t b, uint64_t carry = 0) {
  __extension__ using Wide = unsigned __int128;
  return static_cast<uint64_t>((static_cast<Wide>(a) * b + carry) >> 64);
}

/// Fills out[0 … count) with kPerBlock elements per block: fill(block, values) gives those of one block.
template <int64_t kPerBlock, class T, class Fill>
void fill_from_blocks(T* out, int64_t count, Generator& generator, const Fill& fill) {
  const int64_t blocks = (count + kPerBlock - 1) / kPerBlock;
  GeneratorState state = generator.state();
  state.offset = generator.reserve(static_cast<uint64_t>(blocks));
  parallel_for(0, blocks, 2048, [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; ++i) {
      T values[kPerBlock];
      fill(block_at(state, state.offset + static_cast<uint64_t>(i)), values);
      std::copy_n(values, std::min(kPerBlock, count - i * kPerBlock), out + i * kPerBlock);
    }
  });
}

/// low + (high − low) × unit, kept below `high` where rounding would reach it.
template <class T>
T between(double unit, double low, double high) {
  const T value = static_cast<T>(low + (high - low) * unit);
  const T top = static_cast<T>(high);
  return value < top || low == high ? value : std::nextafter(top, static_cast<T>(low));
}

/// Two normal numbers from two uniform ones, the first in (0, 1], the second in [0, 1).
/// Box and Muller 1958, "A note on the generation of random normal deviates", equation 2.
template <class T>
void box_muller(double unit0, double unit1, T* out) {
  const double radius = std::sqrt(-2 * std::log(unit0));
  const double angle = 2 * std::numbers::pi * unit1;
  out[0] = static_cast<T>(radius * std::cos(angle));
  out[1] = static_cast<T>(radius * std::sin(angle));
}

}  // namespace

uint64_t Generator::reserve(uint64_t blocks) { return std::exchange(state_.offset, state_.offset + blocks); }

uint64_t Generator::next() { return low_word(block_at(state_, reserve(1))); }

double Generator::uniform() { return unit_interval(next()); }

int64_t Generator::below(int64_t bound) {
  check(bound >= 1, "below", "the bound must be at least 1, got ", bound);
  const uint64_t range = static_cast<uint64_t>(bound);
  // Lemire 2019, "Fast random integer generation in an interval": the first 2^64 mod range products are one too many.
  const uint64_t surplus = (0 - range) % range;
  uint64_t bits = next();
  while (bits * range < surplus) {
    bits = next();
  }
  return static_cast<int64_t>(multiply_high(bits, range));
}

Generator& default_generator() {
  thread_local Generator generator;
  return generator;
}

void seed_default_generator(uint64_t seed) { default_generator() = Generator(seed); }

Tensor rand(const Shape& shape, double low, double high, DType dtype, Generator& generator) {
  check(std::isfinite(low) && std::isfinite(high) && low <= high, "rand", "needs finite low ≤ high, got ", low, " and ",
        high);
  return detail::dispatch_floating(dtype, "rand", [&]<class T>() {
    constexpr double kLargest = std::numeric_limits<T>::max();
    check(high <= kLargest && low >= -kLargest && high - low <= kLargest, "rand",
          "needs bounds and a distance in the range of ", dtype, ", got ", low, " and ", high);
    Tensor x = detail::empty_for("rand", shape, dtype);
    if constexpr (sizeof(T) == 4) {
      fill_from_blocks<4>(x.mutable_data<T>(), x.numel(), generator, [=](const Block& block, T* values) {
        for (int i = 0; i < 4; ++i) {
          values[i] = between<T>((block[i] >> 8) * 0x1p-24, low, high);
        }
      });
    } else {
      fill_from_blocks<2>(x.mutable_data<T>(), x.numel(), generator, [=](const Block& block, T* values) {
        values[0] = between<T>(unit_interval(low_word(block)), low, high);
        values[1] = between<T>(unit_interval(high_word(block)), low, high);
      });
    }
    return x;
  });
}

Tensor randn(const Shape& shape, DType dtype, Generator& generator) {
  return detail::dispatch_floating(dtype, "randn", [&]<class T>() {
    Tensor x = detail::empty_for("randn", shape, dtype);
    if constexpr (sizeof(T) == 4) {
      fill_from_blocks<4>(x.mutable_data<T>(), x.numel(), generator, [](const Block& block, T* values) {
        box_muller((block[0] + 1.0) * 0x1p-32, block[1] * 0x1p-32, values);
        box_muller((block[2] + 1.0) * 0x1p-32, block[3] * 0x1p-32, values + 2);
      });
    } else {
      fill_from_blocks<2>(x.mutable_data<T>(), x.numel(), generator, [](const Block& block, T* values) {
        box_muller(1 - unit_interval(low_word(block)), unit_interval(high_word(block)), values);
      });
    }
    return x;
  });
}

Tensor randint(const Shape& shape, int64_t low, int64_t high, Generator& generator) {
  check(low < high, "randint", "needs low < high, got ", low, " and ", high);
  Tensor x = detail::empty_for("randint", shape, DType::int64);
  const uint64_t range = static_cast<uint64_t>(high) - static_cast<uint64_t>(low);
  // A fixed number of bits per element, because the index of an element determines its block: 128 make the bias less
  // than 2^-64.
  fill_from_blocks<1>(x.mutable_data<int64_t>(), x.numel(), generator, [=](const Block& block, int64_t* values) {
    const uint64_t carry = multiply_high(low_word(block), range);
    values[0] = static_cast<int64_t>(static_cast<uint64_t>(low) + multiply_high(high_word(block), range, carry));
  });
  return x;
}

Tensor bernoulli(const Shape& shape, double p, Generator& generator) {
  check(p >= 0 && p <= 1, "bernoulli", "needs 0 ≤ p ≤ 1, got ", p);
  Tensor x = detail::empty_for("bernoulli", shape, DType::boolean);
  const double threshold = p * 0x1p32;
  fill_from_blocks<4>(x.mutable_data<bool>(), x.numel(), generator, [=](const Block& block, bool* values) {
    for (int i = 0; i < 4; ++i) {
      values[i] = block[i] < threshold;
    }
  });
  return x;
}

Tensor dropout_mask(const Shape& shape, double p, DType dtype, Generator& generator) {
  check(p >= 0 && p <= 1, "dropout_mask", "needs 0 ≤ p ≤ 1, got ", p);
  check<DTypeError>(is_floating(dtype), "dropout_mask", "needs float32 or float64, got ", dtype);
  return p == 1 ? zeros(shape, dtype) : to(bernoulli(shape, 1 - p, generator), dtype) * (1 / (1 - p));
}

Tensor randperm(int64_t n, Generator& generator) {
  check(n >= 0, "randperm", "needs n ≥ 0, got ", n);
  Tensor x = arange(n);
  int64_t* out = x.mutable_data<int64_t>();
  for (int64_t i = n - 1; i > 0; --i) {
    std::swap(out[i], out[generator.below(i + 1)]);
  }
  return x;
}

}  // namespace heed
