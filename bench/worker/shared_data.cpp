// Random numbers that depend on no library.
#include "worker/shared_data.h"

#include <cmath>

namespace heed::bench {
namespace {

/// FNV-1a (Fowler, Noll, Vo).
uint64_t hash_of(const std::string& text) {
  uint64_t hash = 14695981039346656037ULL;
  for (const char letter : text) hash = (hash ^ static_cast<unsigned char>(letter)) * 1099511628211ULL;
  return hash;
}

bool is_normalisation(const std::string& name) {
  const std::string part = name.substr(0, name.rfind('.'));
  const std::string last = part.substr(part.rfind('.') + 1);
  return last.rfind("norm", 0) == 0 && name.substr(name.rfind('.') + 1) == "weight";
}

}  // namespace

uint64_t Random::next() {
  uint64_t z = (state_ += 0x9e3779b97f4a7c15ULL);
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
  return z ^ (z >> 31);
}

float Random::uniform(float low, float high) {
  return low + (high - low) * static_cast<float>(next() >> 40) * 0x1p-24f;
}

int64_t Random::below(int64_t bound) {
  return static_cast<int64_t>((next() >> 32) * static_cast<uint64_t>(bound) >> 32);
}

std::vector<float> random_values(uint64_t seed, int64_t count, float low, float high) {
  Random random(seed);
  std::vector<float> values(static_cast<size_t>(count));
  for (float& value : values) value = random.uniform(low, high);
  return values;
}

std::vector<float> starting_values(const std::string& name, int64_t count, int64_t hidden) {
  if (is_normalisation(name)) return std::vector<float>(static_cast<size_t>(count), 1.0f);
  const float bound = 1 / std::sqrt(static_cast<float>(hidden));
  return random_values(hash_of(name), count, -bound, bound);
}

TokenBatch reversal_batch(Random& random, int64_t batch, int64_t steps, int64_t vocabulary) {
  TokenBatch made;
  const size_t count = static_cast<size_t>(batch * steps);
  made.source.resize(count), made.target_in.resize(count), made.target.resize(count);
  for (int64_t& symbol : made.source) symbol = kFirstSymbol + random.below(vocabulary - kFirstSymbol);
  for (int64_t b = 0; b < batch; ++b) {
    int64_t previous = kBegin;
    for (int64_t t = 0; t < steps; ++t) {
      const size_t place = static_cast<size_t>(b * steps + t);
      made.target_in[place] = previous;
      previous = made.target[place] = made.source[static_cast<size_t>((b + 1) * steps - 1 - t)];
    }
  }
  return made;
}

}  // namespace heed::bench
