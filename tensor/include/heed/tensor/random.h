// Random numbers that are a function of seed, stream and index (Philox 4x32-10: Salmon, Moraes, Dror, Shaw 2011,
// "Parallel random numbers: as easy as 1, 2, 3"), so that results do not depend on threads and can be resumed.
#pragma once

#include <array>
#include <cstdint>

#include <heed/tensor/tensor.h>

namespace heed {

/// One Philox 4x32-10 block: 128 random bits for a counter under a key.
std::array<uint32_t, 4> philox(std::array<uint32_t, 4> counter, std::array<uint32_t, 2> key);

/// A position in a random sequence. Plain data: copy it to branch, save the three numbers to resume.
struct GeneratorState {
  uint64_t seed = 0;
  uint64_t stream = 0;
  uint64_t offset = 0;  ///< blocks of four 32-bit values used so far
  friend bool operator==(const GeneratorState&, const GeneratorState&) = default;
};

class Generator {
 public:
  explicit Generator(uint64_t seed = 0, uint64_t stream = 0) : state_{seed, stream, 0} {}
  const GeneratorState& state() const { return state_; }
  void set_state(const GeneratorState& state) { state_ = state; }

  /// The next 64 random bits.
  uint64_t next();
  /// A uniform number in [0, 1).
  double uniform();
  /// A uniform integer in [0, bound), unbiased. Throws ValueError unless bound ≥ 1.
  int64_t below(int64_t bound);
  /// Takes `blocks` blocks: returns the offset of the first.
  uint64_t reserve(uint64_t blocks);

 private:
  GeneratorState state_;
};

/// The generator used where none is given: one per thread, seeded with 0 until seed_default_generator().
Generator& default_generator();
void seed_default_generator(uint64_t seed);

/// Uniform in [low, high). float32, float64.
Tensor rand(const Shape& shape, double low = 0, double high = 1, DType dtype = DType::float32,
            Generator& generator = default_generator());
/// Normal (Box-Muller). float32, float64.
Tensor randn(const Shape& shape, DType dtype = DType::float32, Generator& generator = default_generator());
/// Uniform int64 in [low, high). Throws ValueError unless low < high.
Tensor randint(const Shape& shape, int64_t low, int64_t high, Generator& generator = default_generator());
/// bool, true with probability p. Throws ValueError unless 0 ≤ p ≤ 1.
Tensor bernoulli(const Shape& shape, double p, Generator& generator = default_generator());
/// What dropout multiplies with: 0 with probability p, else 1 / (1 - p). float32, float64. Throws ValueError unless
/// 0 ≤ p ≤ 1. A mask of p = 1 draws nothing.
Tensor dropout_mask(const Shape& shape, double p, DType dtype = DType::float32,
                    Generator& generator = default_generator());
/// 0 … n-1 in random order (Fisher-Yates), int64.
Tensor randperm(int64_t n, Generator& generator = default_generator());

}  // namespace heed
