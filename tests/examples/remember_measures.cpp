// Measures beside exactness: alignment, loss, positions, memory maps, sizes that match, plateaus.
#include <cmath>
#include <limits>

#include <heed/nn/seq2seq/encoder.h>
#include <heed/tensor/create.h>
#include <heed/tensor/error.h>
#include <heed/tensor/file.h>

#include "data/task.h"
#include "run/alignment.h"
#include "run/evaluate.h"
#include "run/matched_size.h"
#include "run/memory_map.h"
#include "run/model.h"
#include "run/plateau.h"
#include "run/run_result.h"
#include "support/catch.h"
#include "support/temporary_folder.h"

using namespace remember;

namespace {

Model small_model(ModelOptions options) {
  heed::seed_default_generator(4);
  options.hidden = 8;
  return Model(options, Vocabulary::symbols(4), Vocabulary::symbols(4));
}

}  // namespace

TEST_CASE("alignment counts the mass and the largest weight on the true positions, without the end mark's step") {
  heed::Hypothesis output;
  output.tokens = {3, 4};
  output.ended = true;
  output.weights = heed::from_vector<float>({0, 1, 0, 0, 0.5F, 0.25F, 0.25F, 0, 0, 0, 0, 1}, {3, 4});
  const Alignment measured = measure_alignment(output, {0, 1}, 1);
  CHECK(measured.steps == 2);
  CHECK(measured.mass_rate() == Approx(0.625));
  CHECK(measured.hit_rate() == Approx(0.5));
  CHECK(measured.mean_entropy() == Approx((0.5 * std::log(2) + 0.5 * std::log(4)) / 2));
  output.weights = {};
  CHECK(measure_alignment(output, {0, 1}, 1).steps == 0);
}

TEST_CASE("an evaluation counts right outputs by their position, the end mark's included") {
  const std::vector<Problem> problems = {{{5, 6}, {{5, 6}}}, {{7}, {{7}}}};
  const Decoder decode = [](const std::vector<Tokens>& sources, int64_t) {
    std::vector<heed::Hypothesis> outputs;
    for (const Tokens& source : sources) {
      heed::Hypothesis output;
      output.tokens = {source.front()};
      output.ended = true;
      outputs.push_back(output);
    }
    return outputs;
  };
  const Evaluation evaluation = evaluate(decode, problems);
  REQUIRE(evaluation.by_position.size() == 3);
  CHECK((evaluation.by_position[0].right == 2 && evaluation.by_position[0].answers == 2));
  CHECK((evaluation.by_position[1].right == 1 && evaluation.by_position[1].answers == 2));
  CHECK((evaluation.by_position[2].right == 0 && evaluation.by_position[2].answers == 1));
}

TEST_CASE("the mean loss is that of each answer's tokens, whatever the batches") {
  Model model = small_model({.attention = "additive"});
  const std::vector<Problem> problems = {{{3, 4, 5}, {{5, 4}}}, {{6}, {{3}}}, {{3, 3}, {{4, 4, 4, 4}}}};
  const double alone = model.mean_loss({problems[0]});
  const double second = model.mean_loss({problems[1]});
  const double third = model.mean_loss({problems[2]});
  const double expected = (3 * alone + 2 * second + 5 * third) / 10;
  CHECK(model.mean_loss(problems, 3) == Approx(expected).epsilon(1e-5));
  CHECK(model.mean_loss(problems, 2) == Approx(expected).epsilon(1e-5));
  CHECK(model.network().training());
}

TEST_CASE("something can be done before each token of a decode, and can end it") {
  Model model = small_model({.attention = "additive"});
  const std::vector<Tokens> sources = {{3, 4, 5}, {6}};
  for (const int64_t beam : {int64_t{1}, int64_t{3}}) {
    const std::vector<heed::Hypothesis> outputs = model.decode(sources, 7, beam);
    int64_t steps = 0;
    const std::vector<heed::Hypothesis> watched = model.decoder(beam, [&steps] { ++steps; })(sources, 7);
    REQUIRE(watched.size() == outputs.size());
    for (size_t i = 0; i < outputs.size(); ++i) {
      CHECK(watched[i].tokens == outputs[i].tokens);
      CHECK(watched[i].log_probability == outputs[i].log_probability);
    }
    CHECK((steps > 0 && steps <= 7));
    struct Enough {};
    const Decoder ended = model.decoder(beam, [&steps] { steps -= steps > 1 ? 1 : throw Enough(); });
    CHECK_THROWS_AS(ended(sources, 100), Enough);
  }
}

TEST_CASE("a memory map holds the sizes of the gradients of each output's loss, for models of every kind") {
  const Tokens source = {3, 6, 4};
  const Tokens target = {5, 3};
  for (const ModelOptions& options : {ModelOptions{.cell = "gru"}, ModelOptions{.attention = "location"},
                                      ModelOptions{.cell = "transformer", .reverse_source = true}}) {
    CAPTURE(options.cell, options.attention);
    Model model = small_model(options);
    const heed::Tensor map = memory_map(model, source, target);
    REQUIRE(map.shape() == heed::Shape{3, 5});  // two tokens and the end mark; three tokens between marks
    CHECK(model.network().training());
    // The gradient by differences: the loss at the first output, as the embedding at one place moves.
    auto& encoder = dynamic_cast<heed::EmbeddingEncoder&>(model.network().encoder());
    model.network().to(heed::DType::float64);
    model.network().eval();
    const Batch batch = make_batch({{source, target}}, model.source_form());
    const heed::Tensor embedded = encoder.embed(batch.source.ids).value();
    const auto loss = [&](const heed::Tensor& x) {
      const auto state = model.network().decoder().start(encoder.encode(x, batch.source.lengths));
      const auto logits = model.network().decoder().step(heed::full({1}, 1, heed::DType::int64), state).logits.value();
      double sum = 0;
      for (int64_t v = 0; v < logits.size(1); ++v) {
        sum += std::exp(logits.at({0, v}));
      }
      return std::log(sum) - logits.at({0, target.front()});
    };
    const int64_t place = 1;
    const int64_t fed_place = options.reverse_source ? 4 - place : place;
    double squares = 0;
    for (int64_t e = 0; e < embedded.size(2); ++e) {
      heed::Tensor above = heed::clone(embedded), below = heed::clone(embedded);
      above.mutable_data<double>()[fed_place * embedded.size(2) + e] += 1e-4;
      below.mutable_data<double>()[fed_place * embedded.size(2) + e] -= 1e-4;
      squares += std::pow((loss(above) - loss(below)) / 2e-4, 2);
    }
    CHECK(map.at({0, place}) == Approx(std::sqrt(squares)).epsilon(1e-3));
  }
}

TEST_CASE("a memory map has the gradients of an output that is all but sure, whose squares float32 does not hold") {
  const int64_t token = 5;
  double before = 0;
  for (const float sureness : {60.0F, 61.0F}) {
    Model model = small_model({.cell = "gru"});
    for (auto& [name, parameter] : model.network().named_parameters()) {
      if (name == "decoder.output.bias") {
        parameter.mutable_value().mutable_data<float>()[token] += sureness;
      }
    }
    // The probability of the other tokens is e to the power of minus the sureness, and so the gradient goes.
    const double size = memory_map(model, {3, 6, 4}, {token, 3}).at({0, 1});
    CAPTURE(sureness, size, before);
    CHECK(size > 0);
    CHECK((before == 0 || size / before == Approx(std::exp(-1)).epsilon(1e-3)));
    before = size;
  }
}

TEST_CASE("rows of a map are made to sum to one, and rows of zeros stay") {
  const heed::Tensor map = rows_of_sum_one(heed::from_vector<float>({1, 3, 0, 0}, {2, 2}));
  CHECK(map.to_vector<float>() == std::vector<float>{0.25F, 0.75F, 0, 0});
}

TEST_CASE("hidden sizes are found at which models have the same number of parameters") {
  RunOptions options;
  options.model = {.cell = "gru", .bidirectional = true, .attention = "additive", .hidden = 20};
  const int64_t wanted = parameter_count(options);
  for (const char* cell : {"rnn", "lstm", "transformer"}) {
    RunOptions other = options;
    other.model = {.cell = cell, .hidden = 4};
    other.model.hidden = matched_hidden(other, wanted);
    CAPTURE(cell, other.model.hidden);
    CHECK_NOTHROW(validate(other));
    const double ratio = static_cast<double>(parameter_count(other)) / static_cast<double>(wanted);
    CHECK((ratio > 0.85 && ratio < 1.15));
  }
  CHECK(matched_hidden(options, wanted) == 20);
}

TEST_CASE("a plateau waits for more exact outputs or a lower loss, lowers the rate three times, and ends") {
  Plateau plateau;
  const auto add = [&plateau](double exact, double loss) { add_validation(plateau, exact, loss, 2); };
  add(0.1, 2);
  CHECK(plateau.rate_factor() == 1);
  add(0.1, 1.999);  // less than 0.5 % lower
  add(0.2, 3);      // more exact
  CHECK(plateau.waited == 0);
  add(0.1, 1.9);  // lower loss
  CHECK(plateau.waited == 0);
  for (int64_t lowered = 1; lowered <= 3; ++lowered) {
    add(0.2, 1.9);
    add(0.2, std::numeric_limits<double>::quiet_NaN());
    CHECK(plateau.lowered == lowered);
  }
  CHECK(plateau.rate_factor() == Approx(0.027));
  CHECK(!plateau.converged);
  add(0.2, 1.9);
  CHECK(!plateau.converged);
  add(0.2, 1.9);
  CHECK(plateau.converged);
}

TEST_CASE("a model that wrote everything exactly three times in a row has converged") {
  Plateau plateau;
  for (const double exact : {1.0, 1.0, 0.99, 1.0, 1.0}) {
    add_validation(plateau, exact, 0.01, 100);
    CHECK(!plateau.converged);
  }
  add_validation(plateau, 1, 0.001, 100);
  CHECK(plateau.converged);
  CHECK(plateau.lowered == 0);
}

TEST_CASE("how soon is the first measurement at or above 50, 90 and 99 %, in all and at the longest length") {
  const TemporaryFolder folder;
  const std::string path = folder.path("metrics.jsonl");
  heed::write_file(
      path,
      R"({"step":50,"examples":100,"seconds":1})"
      "\n"
      R"({"step":100,"examples":200,"multiply_adds":9,"seconds":2,"valid_exact":0.95,"longest":7,"valid_exact_longest":0.5})"
      "\n"
      R"({"step":150,"examples":300,"multiply_adds":12,"seconds":3,"valid_exact":0.4,"longest":7,"valid_exact_longest":0.2})"
      "\n"
      R"({"step":200,"examples":400,"multiply_adds":15,"seconds":4,"valid_exact":0.99,"longest":7,"valid_exact_longest":0.9})"
      "\n"
      R"({"step":250,"exam)");
  const std::vector<Reached> reached = reached_in(path);
  REQUIRE(reached.size() == 5);
  CHECK(reached[0].exact == 0.5);
  CHECK(reached[1].exact == 0.9);
  CHECK(reached[1].examples == 200);
  CHECK(reached[2].exact == 0.99);
  CHECK(reached[2].length == 0);
  CHECK(reached[2].seconds == 4);
  CHECK(reached[3].length == 7);
  CHECK(reached[3].multiply_adds == 9);
  CHECK(reached[4].exact == 0.9);
  CHECK(reached[4].examples == 400);
  RunResult run;
  run.reached = reached;
  CHECK(reached_at(run, 0.9)->examples == 400);
  CHECK(reached_at(run, 0.99) == nullptr);
  run.options.data.task = "pairs";
  run.reached.resize(3);
  CHECK(reached_at(run, 0.99)->examples == 400);
}
