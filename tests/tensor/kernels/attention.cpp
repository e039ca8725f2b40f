// Tiled attention against its definition in long double, on every SIMD target, and cut into ranges in several ways.
#include "tensor/kernels/attention_head.h"

namespace heed::kernels::test {
namespace {

// Whole and cut tiles, one and several of them, vectors that do not fill up, single elements.
const Sizes kSizes[] = {{1, 1, 1, 1},    {3, 5, 4, 2},     {10, 10, 16, 16},
                        {50, 49, 7, 33}, {200, 250, 8, 5}, {33, 300, 64, 64}};

const Flags kFlags[] = {{false, false, false}, {false, false, true}, {true, false, false}, {true, true, true}};

// The same in as many calls as there are tiles, gradients of queries apart from the others.
template <class T>
Results<T> tiled_in_parts(const Problem<T>& p) {
  Results<T> r(p.s);
  const Workspace workspace = workspace_for<T>(p.s);
  const auto each = [](int64_t length, int64_t tile, const auto& body) {
    for (int64_t first = 0; first < length; first += tile) body(first, std::min(first + tile, length));
  };
  each(p.s.targets, attention().get<T>().target_tile, [&](int64_t first, int64_t last) {
    attention().get<T>().forward(p.head, record_of(p, r), first, last, workspace.get());
  });
  AttentionGradient<T> of_query = gradient_of(p, r), of_others = gradient_of(p, r);
  of_query.key.data = of_query.value.data = of_others.query.data = nullptr;
  each(p.s.targets, attention().get<T>().target_tile_backward, [&](int64_t first, int64_t last) {
    attention().get<T>().backward(p.head, finished(p, r), of_query, {first, last, 0, p.s.sources}, workspace.get());
  });
  each(p.s.sources, attention().get<T>().source_tile_backward, [&](int64_t first, int64_t last) {
    attention().get<T>().backward(p.head, finished(p, r), of_others, {0, p.s.targets, first, last}, workspace.get());
  });
  return r;
}

template <class T>
void check_against_definition() {
  for (const Sizes& sizes : kSizes) {
    for (const Flags& flags : kFlags) {
      const Problem<T> problem(sizes, flags);
      const Results<Real> want = naive(problem);
      on_every_target([&] {
        INFO("T " << sizes.targets << ", S " << sizes.sources << ", D " << sizes.size << ", M " << sizes.value_size
                  << ", masked " << flags.masked << ", added " << flags.added << ", causal " << flags.causal);
        const Results<T> got = tiled(problem);
        CHECK(near(got.output, want.output));
        CHECK(near(got.query, want.query));
        CHECK(near(got.key, want.key));
        CHECK(near(got.value, want.value));
        const Results<T> parts = tiled_in_parts(problem);
        CHECK(same_bits(parts.output, got.output));
        CHECK(same_bits(parts.query, got.query));
        CHECK(same_bits(parts.key, got.key));
        CHECK(same_bits(parts.value, got.value));
      });
    }
  }
}

}  // namespace

TEST_CASE("tiled attention and its gradients are those of the definition, however they are cut into ranges") {
  check_against_definition<float>();
  check_against_definition<double>();
}

TEST_CASE("hidden sources in front of others, between them or behind them change no bit of the sources that are seen") {
  on_every_target([] {
    // 400 sources, of which only 288 … 379 are seen: whole tiles in front see nothing.
    Problem<float> wide({20, 400, 16, 16}, {true, false, false});
    for (int64_t k = 0; k < 20 * 400; ++k) wide.hidden[k] = k % 400 < 288 || k % 400 >= 380;
    Problem<float> shorter({20, 380, 16, 16}, {true, false, false});
    for (int64_t k = 0; k < 20 * 380; ++k) shorter.hidden[k] = k % 380 < 288;
    const Results<float> got = tiled(wide), want = tiled(shorter);
    CHECK(same_bits(got.output, want.output));
    CHECK(same_bits(got.query, want.query));
    CHECK(same_bits(std::vector<float>(got.key.begin(), got.key.begin() + 380 * 16), want.key));
    for (int64_t j = 0; j < 400 * 16; ++j) {
      if (j < 288 * 16 || j >= 380 * 16) REQUIRE((got.key[j] == 0 && got.value[j] == 0));
    }
  });
}

}  // namespace heed::kernels::test
