// The generator: published vectors, distributions, and independence of threads.
#include <heed/tensor/random.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <thread>

#include <heed/tensor/create.h>
#include <heed/tensor/error.h>
#include <heed/tensor/parallel.h>

#include "support/catch.h"

using namespace heed;

namespace {

using Block = std::array<uint32_t, 4>;

struct Moments {
  double mean = 0;
  double variance = 0;
  double skewness = 0;
  double kurtosis = 0;
};

Moments moments_of(const Tensor& x) {
  const std::vector<double> values = to(x, DType::float64).to_vector<double>();
  const double count = static_cast<double>(values.size());
  Moments moments;
  for (const double value : values) {
    moments.mean += value / count;
  }
  for (const double value : values) {
    moments.variance += std::pow(value - moments.mean, 2) / count;
  }
  for (const double value : values) {
    const double standard = (value - moments.mean) / std::sqrt(moments.variance);
    moments.skewness += std::pow(standard, 3) / count;
    moments.kurtosis += std::pow(standard, 4) / count;
  }
  return moments;
}

/// Restores the number of threads.
struct Threads {
  int before = num_threads();
  ~Threads() { set_num_threads(before); }
};

}  // namespace

TEST_CASE("philox gives Random123's known answers") {
  CHECK(philox({0, 0, 0, 0}, {0, 0}) == Block{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8});
  constexpr uint32_t ones = 0xffffffff;
  CHECK(philox({ones, ones, ones, ones}, {ones, ones}) == Block{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd});
  CHECK(philox({0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, {0xa4093822, 0x299f31d0}) ==
        Block{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1});
}

TEST_CASE("a generator is its seed, stream and offset") {
  Generator a(7, 3);
  Generator b(7, 3);
  CHECK(a.next() == b.next());
  CHECK(a.state() == GeneratorState{7, 3, 1});
  const GeneratorState saved = a.state();
  const std::vector<float> first = randn({5}, DType::float32, a).to_vector<float>();
  CHECK(a.state().offset == 3);
  Generator resumed;
  resumed.set_state(saved);
  CHECK(randn({5}, DType::float32, resumed).to_vector<float>() == first);
  CHECK(Generator(7, 4).next() != Generator(7, 3).next());
  CHECK(Generator(8, 3).next() != Generator(7, 3).next());
  CHECK(Generator(7 + (uint64_t{1} << 32), 3).next() != Generator(7, 3).next());
  CHECK(Generator(7, 3 + (uint64_t{1} << 32)).next() != Generator(7, 3).next());
}

TEST_CASE("the first numbers of seed 0 stay what they are") {
  Generator generator;
  CHECK(generator.next() == 0xe169c58d6627e8d5);
  generator.set_state({});
  const Tensor x = rand({2}, 0, 1, DType::float32, generator);
  CHECK(x.at({0}) == (0x6627e8d5 >> 8) * 0x1p-24);
  CHECK(x.at({1}) == (0xe169c58d >> 8) * 0x1p-24);
}

TEST_CASE("uniform numbers fill [0, 1) evenly") {
  Generator generator(1);
  double sum = 0;
  for (int i = 0; i < 10'000; ++i) {
    const double value = generator.uniform();
    REQUIRE(value >= 0);
    REQUIRE(value < 1);
    sum += value;
  }
  CHECK(sum / 10'000 == Approx(0.5).margin(0.015));
}

TEST_CASE("below is unbiased and refuses a bound under 1") {
  Generator generator(2);
  std::array<int, 6> counts{};
  for (int i = 0; i < 12'000; ++i) {
    ++counts.at(static_cast<size_t>(generator.below(6)));
  }
  for (const int count : counts) {
    CHECK(count == Approx(2000).margin(200));
  }
  CHECK(generator.below(1) == 0);
  const int64_t large = (int64_t{3} << 61) - 1;  // rejects a quarter of all bits
  int64_t lower_third = 0;
  for (int i = 0; i < 3000; ++i) {
    const int64_t value = generator.below(large);
    REQUIRE((value >= 0 && value < large));
    lower_third += value < large / 3 ? 1 : 0;
  }
  CHECK(static_cast<double>(lower_third) == Approx(1000).margin(110));
  CHECK_THROWS_AS(generator.below(0), ValueError);
  CHECK_THROWS_AS(generator.below(-3), ValueError);
}

TEST_CASE("tensors have the same bits at any number of threads") {
  const Threads restore;
  const auto all = [] {
    Generator generator(5);
    std::vector<double> values;
    for (const Tensor& x :
         {rand({30'001}, -1, 2, DType::float32, generator), rand({30'001}, -1, 2, DType::float64, generator),
          randn({30'001}, DType::float32, generator), randn({30'001}, DType::float64, generator),
          randint({30'001}, -5, 90, generator), bernoulli({30'001}, 0.3, generator)}) {
      const std::vector<double> more = to(x, DType::float64).to_vector<double>();
      values.insert(values.end(), more.begin(), more.end());
    }
    return values;
  };
  set_num_threads(1);
  const std::vector<double> one = all();
  for (const int count : {2, 3, 7}) {
    set_num_threads(count);
    CHECK(all() == one);
  }
}

TEST_CASE("a longer tensor starts with the shorter one of the same state") {
  Generator a(9);
  Generator b(9);
  const std::vector<float> longer = rand({11}, 0, 1, DType::float32, a).to_vector<float>();
  const std::vector<float> shorter = rand({6}, 0, 1, DType::float32, b).to_vector<float>();
  CHECK(std::equal(shorter.begin(), shorter.end(), longer.begin()));
}

TEST_CASE("consecutive tensors share no block") {
  Generator generator(9);
  const Tensor first = rand({5}, 0, 1, DType::float32, generator);
  const Tensor second = rand({5}, 0, 1, DType::float32, generator);
  CHECK(generator.state().offset == 4);
  for (const float value : second.to_vector<float>()) {
    const std::vector<float> values = first.to_vector<float>();
    CHECK(std::find(values.begin(), values.end(), value) == values.end());
  }
}

TEST_CASE("rand is uniform in its bounds, never the upper one") {
  for (const DType dtype : {DType::float32, DType::float64}) {
    Generator generator(3);
    const Tensor x = rand({40'000}, -2, 4, dtype, generator);
    const Moments moments = moments_of(x);
    CHECK(moments.mean == Approx(1).margin(0.05));
    CHECK(moments.variance == Approx(3).margin(0.05));
    CHECK(moments.kurtosis == Approx(1.8).margin(0.05));
  }
  Generator generator(4);
  for (const float value : rand({20'000}, 1, std::nextafter(1.F, 2.F), DType::float32, generator).to_vector<float>()) {
    REQUIRE(value == 1);
  }
  CHECK(rand({}, 2.5, 2.5).item() == 2.5);
}

TEST_CASE("randn has the moments of a normal distribution and its tails") {
  for (const DType dtype : {DType::float32, DType::float64}) {
    Generator generator(11);
    const Tensor x = randn({100'000}, dtype, generator);
    const Moments moments = moments_of(x);
    CHECK(moments.mean == Approx(0).margin(0.015));
    CHECK(moments.variance == Approx(1).margin(0.02));
    CHECK(moments.skewness == Approx(0).margin(0.03));
    CHECK(moments.kurtosis == Approx(3).margin(0.08));
    const std::vector<double> values = to(x, DType::float64).to_vector<double>();
    const auto beyond = [&](double limit) {
      return static_cast<double>(std::count_if(values.begin(), values.end(), [limit](double v) { return v > limit; }));
    };
    CHECK(beyond(1) == Approx(15'866).margin(500));
    CHECK(beyond(3) == Approx(135).margin(50));
    double product = 0;  // of neighbours, which come from the same pair of uniform numbers
    for (size_t i = 0; i + 1 < values.size(); i += 2) {
      product += values[i] * values[i + 1] / 50'000;
    }
    CHECK(product == Approx(0).margin(0.02));
  }
}

TEST_CASE("randint covers its range evenly, up to all of int64") {
  Generator generator(6);
  std::array<int, 5> counts{};
  for (const int64_t value : randint({20'000}, -2, 3, generator).to_vector<int64_t>()) {
    ++counts.at(static_cast<size_t>(value + 2));
  }
  for (const int count : counts) {
    CHECK(count == Approx(4000).margin(250));
  }
  constexpr int64_t lowest = std::numeric_limits<int64_t>::min();
  constexpr int64_t highest = std::numeric_limits<int64_t>::max();
  int negative = 0;
  for (const int64_t value : randint({4'000}, lowest, highest, generator).to_vector<int64_t>()) {
    negative += value < 0 ? 1 : 0;
  }
  CHECK(negative == Approx(2000).margin(150));
  CHECK(randint({3}, highest - 1, highest, generator).to_vector<int64_t>() == std::vector<int64_t>(3, highest - 1));
}

TEST_CASE("bernoulli is true with its probability") {
  Generator generator(8);
  const auto share = [&](double p) { return moments_of(bernoulli({20'000}, p, generator)).mean; };
  CHECK(share(0) == 0);
  CHECK(share(1) == Approx(1));
  CHECK(share(0.25) == Approx(0.25).margin(0.015));
}

TEST_CASE("randperm is a permutation, any as likely as another") {
  Generator generator(10);
  std::vector<int64_t> values = randperm(1000, generator).to_vector<int64_t>();
  CHECK_FALSE(std::is_sorted(values.begin(), values.end()));
  std::sort(values.begin(), values.end());
  CHECK(values == arange(1000).to_vector<int64_t>());
  std::array<int, 27> counts{};
  for (int i = 0; i < 6000; ++i) {
    const std::vector<int64_t> order = randperm(3, generator).to_vector<int64_t>();
    ++counts.at(static_cast<size_t>(order[0] * 9 + order[1] * 3 + order[2]));
  }
  CHECK(std::count(counts.begin(), counts.end(), 0) == 21);
  CHECK(*std::max_element(counts.begin(), counts.end()) < 1150);
  CHECK(randperm(0, generator).numel() == 0);
  CHECK(randperm(1, generator).item<int64_t>() == 0);
}

TEST_CASE("random tensors of size zero and rank zero take what they need") {
  Generator generator(12);
  CHECK(rand({0, 3}, 0, 1, DType::float32, generator).numel() == 0);
  CHECK(generator.state().offset == 0);
  CHECK(randn({}, DType::float64, generator).rank() == 0);
  CHECK(generator.state().offset == 1);
}

TEST_CASE("random tensors refuse arguments that make no sense") {
  REQUIRE_THROWS_AS(rand({2}, -1.7e308, 1.7e308, DType::float64), ValueError);
  REQUIRE_THROWS_AS(rand({2}, 0, 1e39, DType::float32), ValueError);
  CHECK_THROWS_AS(rand({2}, 1, 0), ValueError);
  CHECK_THROWS_AS(rand({2}, 0, std::nan("")), ValueError);
  CHECK_THROWS_AS(rand({2}, 0, INFINITY), ValueError);
  CHECK_THROWS_AS(rand({2}, 0, 1, DType::int64), DTypeError);
  CHECK_THROWS_AS(randn({2}, DType::boolean), DTypeError);
  CHECK_THROWS_AS(randint({2}, 3, 3), ValueError);
  CHECK_THROWS_AS(bernoulli({2}, 1.5), ValueError);
  CHECK_THROWS_AS(dropout_mask({2}, 1.5), ValueError);
  CHECK_THROWS_AS(dropout_mask({2}, 0.5, DType::int64), DTypeError);
  CHECK_THROWS_AS(bernoulli({2}, std::nan("")), ValueError);
  CHECK_THROWS_AS(randperm(-1), ValueError);
  CHECK_THROWS_AS(rand({-1}), ShapeError);
}

TEST_CASE("the default generator is the thread's own, seeded with 0 until told") {
  std::thread([] {
    CHECK(default_generator().state() == GeneratorState{});
    const float first = rand({1}).item<float>();
    seed_default_generator(4);
    CHECK(default_generator().state() == GeneratorState{4, 0, 0});
    CHECK(rand({1}).item<float>() != first);
    std::thread([] { CHECK(default_generator().state() == GeneratorState{}); }).join();
  }).join();
}
