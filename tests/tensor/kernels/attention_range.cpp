// Tiled attention of scores and values at the ends of what numbers hold, against its definition in long double.
#include "tensor/kernels/attention_head.h"

namespace heed::kernels::test {
namespace {

constexpr Sizes kLong{20, 300, 1, 5};
template <class T>
const T kRootOfLargest = std::sqrt(std::numeric_limits<T>::max());

// All keys are one, so that the weights depend on nothing but what is added and hidden.
template <class T>
Problem<T> with_scores(T query, T key, const Flags& flags) {
  Problem<T> p(kLong, flags);
  std::fill(p.query.begin(), p.query.end(), query);
  std::fill(p.key.begin(), p.key.end(), key);
  p.head.scale = 1;
  return p;
}

template <class T>
void check_large_scores() {
  constexpr T kLargest = std::numeric_limits<T>::max();
  const T root = kRootOfLargest<T>;
  // The last two make a score of 1.9 times the largest number.
  const struct {
    T query, key, added;
  } kCases[] = {{-10, 10, -kLargest},
                {T(0.97) * root, root, T(0.97) * kLargest},
                {T(-0.85) * root, root, -kLargest},
                {T(0.7) * root, root, -kLargest},
                {T(1.9) * root, root, 0},
                {T(-1.9) * root, root, 0}};
  for (const auto& each : kCases) {
    for (const Flags& flags : {Flags{false, true, false}, Flags{true, true, true}}) {
      Problem<T> p = with_scores<T>(each.query, each.key, flags);
      for (T& added : p.added) added = std::isinf(added) ? added : each.added;
      const Results<Real> want = naive(p);
      on_every_target([&] {
        INFO("query " << each.query << ", key " << each.key << ", added " << each.added << ", masked " << flags.masked);
        const Results<T> got = tiled(p);
        CHECK(near(got.output, want.output));
        CHECK(near(got.key, want.key));
        CHECK(near(got.value, want.value));
      });
    }
  }
}

template <class T>
void check_infinite_scores() {
  for (const T sign : {T(1), T(-1)}) {
    const Problem<T> p = with_scores<T>(sign * 3 * kRootOfLargest<T>, kRootOfLargest<T>, {true, false, false});
    on_every_target([&] {
      INFO("sign " << sign);
      const Results<T> got = tiled(p);
      for (int64_t i = 0; i < kLong.targets; ++i) {
        const bool sees = i != 1;
        CHECK(std::isnan(got.output[5 * i]) == sees);
        CHECK(std::isnan(got.query[i]) == sees);
        CHECK((sees || (got.output[5 * i] == 0 && got.query[i] == 0)));
      }
      CHECK(std::isnan(got.key[0]));
      CHECK((got.key[100] == 0 && got.value[500] == 0));  // hidden from all
    });
  }
}

template <class T>
void check_large_values() {
  Problem<T> p(kLong, {true, true, true});
  for (T& value : p.value) value *= std::numeric_limits<T>::max() / 3;
  const Results<Real> want = naive(p);
  on_every_target([&] {
    const Results<T> got = tiled(p);
    CHECK(near(got.output, want.output));
    CHECK(near(got.value, want.value));
  });
}

}  // namespace

TEMPLATE_TEST_CASE("scores and what is added to them may be as large as numbers are", "", float, double) {
  check_large_scores<TestType>();
}

TEMPLATE_TEST_CASE("infinite scores make NaN of the targets that see them and leave the others 0", "", float, double) {
  check_infinite_scores<TestType>();
}

TEMPLATE_TEST_CASE("values may be so large that their sum has no number", "", float, double) {
  check_large_values<TestType>();
}

}  // namespace heed::kernels::test
