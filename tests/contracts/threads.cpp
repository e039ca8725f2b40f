// The same bits at 1, 2 and 7 threads: every layer, forward and backward, and a training run.
#include "contracts/training_run.h"
#include "support/layer_table.h"
#include "support/reference.h"

namespace heed::test {
namespace {

/// Large enough that work is divided.
constexpr LayerSizes kSizes{12, 37, 41};
constexpr LayerWidths kWidths{46, 30, 2};

template <class F>
auto with_threads(int count, const F& f) {
  const Threads threads(count);
  return f();
}

void check_same(const std::vector<Tensor>& actual, const std::vector<Tensor>& expected, const char* what) {
  REQUIRE(actual.size() == expected.size());
  for (size_t i = 0; i < actual.size(); ++i) {
    INFO(what << " " << i);
    CHECK(same_bits(actual[i], expected[i]));
  }
}

TEST_CASE("every layer gives the same bits at 1, 2 and 7 threads, forward and backward") {
  for (const LayerRow& row : layer_rows()) {
    INFO(row.name);
    const LayerUse use = row.use(kWidths);
    const auto layer = made(use, 3, DType::float32);
    const LayerLengths lengths = random_lengths(kSizes, 4);
    const Variables inputs = random_inputs(use, kSizes, 10, DType::float32);
    const std::vector<Tensor> cotangents = random_cotangents(use, kSizes, 50, DType::float32);
    const auto call = [&] { return run(use, *layer, inputs, lengths, cotangents); };
    const LayerResult expected = with_threads(1, call);
    for (const int count : {2, 7}) {
      CAPTURE(count);
      const LayerResult actual = with_threads(count, call);
      check_same(actual.outputs, expected.outputs, "output");
      check_same(actual.input_gradients, expected.input_gradients, "gradient of input");
      check_same(actual.parameter_gradients, expected.parameter_gradients, "gradient of parameter");
    }
  }
}

TEST_CASE("a training run gives the same parameters at 1, 2 and 7 threads") {
  const auto trained = [] {
    seed_default_generator(8);
    TrainingRun training(48);
    training.run_to(12);
    std::vector<Tensor> parameters;
    for (const Variable& parameter : training.model().parameters()) {
      parameters.push_back(parameter.value());
    }
    return parameters;
  };
  const std::vector<Tensor> expected = with_threads(1, trained);
  for (const int count : {2, 7}) {
    CAPTURE(count);
    check_same(with_threads(count, trained), expected, "parameter");
  }
}

}  // namespace
}  // namespace heed::test
