// Element-wise kernels of two operands, on every target.
#include "kernels/elementwise.h"

#include <map>

#include "support/binary_functions.h"
#include "tensor/kernels/naive.h"

namespace heed::kernels::test {
namespace {

using K = ElementwiseKernels;

template <class T>
struct BinaryCase {
  const char* name;
  Binary ElementwiseKernels::*kernel;
  T (*plain)(T, T);
};

// Operations that round once or not at all must have the bits of the plain expression.
template <class T>
void check_binary() {
  std::vector<BinaryCase<T>> cases{
      {"sigmoid_backward", &K::sigmoid_backward, [](T x, T y) { return y * x * (1 - x); }},
      {"leaky_relu", &K::leaky_relu, [](T x, T y) { return x > 0 ? x : x * y; }},
      {"relu_backward", &K::relu_backward, [](T x, T y) { return x <= 0 ? 0 : y; }},
  };
  const std::map<std::string, Binary K::*> kernels{{"add", &K::add}, {"sub", &K::sub},         {"mul", &K::mul},
                                                   {"div", &K::div}, {"maximum", &K::maximum}, {"minimum", &K::minimum},
                                                   {"pow", &K::pow}};
  for (const auto& each : heed::test::binary_functions<Tensor>()) {
    cases.push_back({each.name, kernels.at(each.name), each.template formula<T>()});
  }
  const std::vector<T> x = random_values<T>(900, 5);
  const std::vector<T> y = random_values<T>(900, 6);
  for (const BinaryCase<T>& test : cases) {
    for (const auto& [xs, ys] : {std::pair{1, 1}, {1, 0}, {0, 1}, {0, 0}, {3, 1}, {2, 3}}) {
      for (const int64_t n : {0, 1, 3, 4, 5, 8, 9, 17, 31, 300}) {
        std::vector<T> got(static_cast<size_t>(n) + 1, T{42}), want(got);
        (elementwise().*test.kernel).template get<T>()(x.data(), xs, y.data(), ys, got.data(), n);
        for (int64_t i = 0; i < n; ++i) want[i] = test.plain(x[i * xs], y[i * ys]);
        INFO(test.name << ", strides " << xs << " and " << ys << ", n " << n);
        CHECK(same_bits(got, want));
      }
    }
  }
}

template <class T>
T apply(BinaryKernel<T> kernel, T x, T y) {
  kernel(&x, 1, &y, 1, &x, 1);
  return x;
}

template <class T>
void check_binary_special_values() {
  const ElementwiseKernels& k = elementwise();
  const T nan = std::numeric_limits<T>::quiet_NaN();
  for (const auto& kernel : {k.maximum.get<T>(), k.minimum.get<T>()}) {
    CHECK(std::isnan(apply(kernel, nan, T{1})));
    CHECK(std::isnan(apply(kernel, T{1}, nan)));
  }
  CHECK(apply(k.tanh_backward.get<T>(), T{0.5}, T{2}) == T{1.5});
  CHECK(apply(k.elu.get<T>(), T{3}, T{2}) == T{3});
  CHECK(apply(k.elu.get<T>(), -std::numeric_limits<T>::infinity(), T{2}) == T{-2});
  CHECK(std::isnan(apply(k.elu.get<T>(), nan, T{2})));
  CHECK(apply(k.pow.get<T>(), T{3}, T{2}) == T{9});
  CHECK(apply(k.pow.get<T>(), T{2}, T{0.5}) == std::sqrt(T{2}));
}

template <class T>
void check_accumulation() {
  for (int64_t n = 0; n < 40; ++n) {
    const std::vector<T> x = random_values<T>(n, 1);
    std::vector<T> y = random_values<T>(n + 1, 2), scaled(y);
    const std::vector<T> start = y;
    elementwise().axpy.get<T>()(T{0.3}, x.data(), y.data(), n);
    elementwise().scale.get<T>()(T{0.3}, start.data(), scaled.data(), n);
    for (int64_t i = 0; i < n; ++i) {
      CHECK(y[i] == Approx(start[i] + 0.3 * x[i]).margin(1e-6));
      CHECK(scaled[i] == start[i] * T{0.3});
    }
    CHECK(y.back() == start.back());
  }
}

}  // namespace

TEST_CASE("binary element-wise kernels have the bits of the plain expression") {
  on_every_target([] {
    check_binary<float>();
    check_binary<double>();
  });
}

TEST_CASE("functions of two operands are right at infinity and NaN") {
  on_every_target([] {
    check_binary_special_values<float>();
    check_binary_special_values<double>();
  });
}

TEST_CASE("axpy, scale and fill touch exactly n elements") {
  on_every_target([] {
    check_accumulation<float>();
    check_accumulation<double>();
  });
}

}  // namespace heed::kernels::test
