// Optimiser updates against PyTorch's formulas written plainly in float64.
#include "kernels/optimizer.h"

#include "tensor/kernels/naive.h"

namespace heed::kernels::test {
namespace {

constexpr int64_t kCount = 37;

template <class T>
void check_sgd(double momentum, double dampening, double weight_decay, bool nesterov) {
  std::vector<T> p = random_values<T>(kCount + 1, 1), buffer(kCount + 1, T{42});
  std::vector<double> want(p.begin(), p.end()), want_buffer(kCount);
  for (int t = 0; t < 3; ++t) {
    const std::vector<T> g = random_values<T>(kCount, 10 + t);
    const SGDStep step{.learning_rate = 0.1,
                       .momentum = momentum,
                       .dampening = dampening,
                       .weight_decay = weight_decay,
                       .nesterov = nesterov,
                       .first_step = t == 0};
    optimizer().get<T>().sgd(step, g.data(), p.data(), momentum == 0 ? nullptr : buffer.data(), kCount);
    for (int64_t i = 0; i < kCount; ++i) {
      double d = g[i] + weight_decay * want[i];
      if (momentum != 0) {
        want_buffer[i] = t == 0 ? d : momentum * want_buffer[i] + (1 - dampening) * d;
        d = nesterov ? d + momentum * want_buffer[i] : want_buffer[i];
      }
      want[i] -= 0.1 * d;
    }
  }
  for (int64_t i = 0; i < kCount; ++i) CHECK(p[i] == Approx(want[i]).margin(1e-6));
  CHECK(p[kCount] == T(want[kCount]));
  CHECK(buffer[kCount] == 42);
}

template <class T>
void check_adam(bool decoupled, bool amsgrad) {
  std::vector<T> p = random_values<T>(kCount + 1, 1), m(kCount), v(kCount), maximum(kCount);
  std::vector<double> want(p.begin(), p.end()), want_m(kCount), want_v(kCount), want_maximum(kCount);
  for (int t = 1; t <= 4; ++t) {
    const std::vector<T> g = random_values<T>(kCount, 10 + t, -1.0 / t, 1.0 / t);
    const double correction1 = 1 - std::pow(0.9, t), correction2 = 1 - std::pow(0.999, t);
    const AdamStep step{.count = t, .learning_rate = 0.01, .weight_decay = 0.1, .decoupled = decoupled};
    optimizer().get<T>().adam(step, g.data(), p.data(), m.data(), v.data(), amsgrad ? maximum.data() : nullptr, kCount);
    for (int64_t i = 0; i < kCount; ++i) {
      const double d = g[i] + (decoupled ? 0 : 0.1 * want[i]);
      if (decoupled) want[i] *= 1 - 0.01 * 0.1;
      want_m[i] = 0.9 * want_m[i] + 0.1 * d;
      want_v[i] = 0.999 * want_v[i] + 0.001 * d * d;
      want_maximum[i] = std::max(want_maximum[i], want_v[i]);
      const double root = std::sqrt(amsgrad ? want_maximum[i] : want_v[i]) / std::sqrt(correction2) + 1e-8;
      want[i] -= 0.01 / correction1 * want_m[i] / root;
    }
  }
  for (int64_t i = 0; i < kCount; ++i) {
    INFO("i " << i << ", decoupled " << decoupled << ", amsgrad " << amsgrad);
    CHECK(p[i] == Approx(want[i]).margin(1e-6));
    CHECK(m[i] == Approx(want_m[i]).margin(1e-6));
    CHECK(v[i] == Approx(want_v[i]).margin(1e-6));
  }
  CHECK(p[kCount] == T(want[kCount]));
}

}  // namespace

TEMPLATE_TEST_CASE("SGD follows PyTorch's formula", "", float, double) {
  on_every_target([] {
    check_sgd<TestType>(0, 0, 0, false);
    check_sgd<TestType>(0, 0, 0.1, false);
    check_sgd<TestType>(0.9, 0.2, 0.1, false);
    check_sgd<TestType>(0.9, 0, 0.1, true);
  });
}

TEMPLATE_TEST_CASE("Adam and AdamW follow PyTorch's formulas", "", float, double) {
  on_every_target([] {
    for (int bits = 0; bits < 4; ++bits) check_adam<TestType>(bits & 1, bits & 2);
  });
}

}  // namespace heed::kernels::test
