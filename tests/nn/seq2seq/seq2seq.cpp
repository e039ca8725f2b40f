// Sequence-to-sequence models: every kind's steps, batches, gradients, and that they learn.
#include <cmath>
#include <limits>

#include <heed/autograd/backward.h>
#include <heed/autograd/gradcheck.h>
#include <heed/autograd/node.h>
#include <heed/nn/optim/adam.h>
#include <heed/nn/optim/clip.h>
#include <heed/nn/seq2seq/greedy_search.h>
#include <heed/nn/seq2seq/seq2seq_config.h>
#include <heed/tensor/create.h>
#include <heed/tensor/error.h>
#include <heed/tensor/index.h>
#include <heed/tensor/random.h>
#include <heed/tensor/view.h>

#include "support/catch.h"
#include "support/toy_seq2seq.h"

using namespace heed;

namespace {

constexpr int64_t kVocabulary = 7;

/// A small model of every kind there is.
std::vector<Seq2SeqConfig> every_kind() {
  std::vector<Seq2SeqConfig> configs;
  for (const CellKind cell : cell_kinds()) {
    for (const AttentionKind attention : attention_kinds()) {
      for (const bool bidirectional : {false, true}) {
        if (bidirectional && needs_one_size(attention)) {
          continue;
        }
        Seq2SeqConfig config;
        config.source_vocabulary = kVocabulary;
        config.target_vocabulary = kVocabulary;
        config.attention = attention;
        config.stack = {.cell = cell,
                        .embedding = 3,
                        .hidden = 5,
                        .layers = {.num_layers = bidirectional ? 2 : 1, .bidirectional = bidirectional}};
        configs.push_back(config);
      }
    }
  }
  return configs;
}

std::string title(const Seq2SeqConfig& config) {
  return std::string(name_of(config.stack.cell)) + " " + name_of(config.attention) +
         (config.stack.layers.bidirectional ? " both ways" : "");
}

Tensor source_batch() { return from_vector<int64_t>({3, 4, 5, 6, 3, 5, 0, 0, 4, 0, 0, 0}, {3, 4}); }
Tensor source_lengths() { return tensor<int64_t>({4, 2, 1}); }
Tensor target_batch() { return from_vector<int64_t>({6, 5, 2, 3, 2, 0, 4, 4, 2}, {3, 3}); }

bool close(const Tensor& a, const Tensor& b, double tolerance) {
  const auto x = to(a, DType::float64).to_vector<double>();
  const auto y = to(b, DType::float64).to_vector<double>();
  for (size_t i = 0; i < x.size(); ++i) {
    if (!(std::abs(x[i] - y[i]) <= tolerance)) {
      return false;
    }
  }
  return a.shape() == b.shape();
}

}  // namespace

TEST_CASE("feeding a target at once agrees with feeding it step by step") {
  for (const Seq2SeqConfig& config : every_kind()) {
    INFO(title(config));
    const auto model = make_seq2seq(config);
    model->eval();
    const DecoderState start = model->decoder().start(model->encoder().forward(source_batch(), source_lengths()));
    const Tensor fed = from_vector<int64_t>({1, 6, 5, 1, 3, 2, 1, 4, 4}, {3, 3});
    const DecoderOutput at_once = model->decoder().forward(fed, start);
    const DecoderOutput by_step = model->decoder().Decoder::forward(fed, start);
    REQUIRE(at_once.logits.shape() == Shape{3, 3, kVocabulary});
    REQUIRE(close(at_once.logits.value(), by_step.logits.value(), 1e-5));
    REQUIRE(at_once.weights.defined() == (config.attention != AttentionKind::none));
    if (at_once.weights.defined()) {
      REQUIRE(at_once.weights.shape() == Shape{3, 3, 4});
      REQUIRE(close(at_once.weights.value(), by_step.weights.value(), 1e-5));
      REQUIRE(at_once.weights.value().at({1, 2, 2}) == 0);
      REQUIRE(at_once.weights.value().at({2, 0, 0}) == 1);
    }
  }
}

TEST_CASE("logits of a sequence have the same bits alone, padded and in a batch") {
  for (const Seq2SeqConfig& config : every_kind()) {
    INFO(title(config));
    const auto model = make_seq2seq(config);
    model->eval();
    const Tensor together = model->forward(source_batch(), source_lengths(), target_batch()).logits.value();
    for (int64_t i = 0; i < 3; ++i) {
      const int64_t length = source_lengths().to_vector<int64_t>()[static_cast<size_t>(i)];
      const Tensor alone = narrow(narrow(source_batch(), 0, i, 1), 1, 0, length);
      const Tensor logits = model->forward(alone, Tensor(), narrow(target_batch(), 0, i, 1)).logits.value();
      REQUIRE(logits.to_vector<float>() == narrow(together, 0, i, 1).to_vector<float>());
      const Tensor padded = cat(std::vector<Tensor>{alone, zeros({1, 9}, DType::int64)}, 1);
      const Tensor again =
          model->forward(padded, tensor<int64_t>({length}), narrow(target_batch(), 0, i, 1)).logits.value();
      REQUIRE(again.to_vector<float>() == logits.to_vector<float>());
    }
  }
}

TEST_CASE("the loss is the mean over target symbols that are not pad, and its gradients are right") {
  for (const Seq2SeqConfig& config : every_kind()) {
    INFO(title(config));
    const auto model = make_seq2seq(config);
    model->to(DType::float64);
    const std::vector<Variable> parameters = model->parameters();
    const auto loss = [&] { return model->loss(source_batch(), source_lengths(), target_batch()); };
    const std::vector<Variable> gradients = grad({loss()}, parameters, {.allow_unused = true});
    Generator generator(8);
    for (size_t i = 0; i < parameters.size(); ++i) {
      if (!gradients[i].defined() || parameters[i].numel() == 0) {
        continue;
      }
      Variable parameter = parameters[i];
      const int64_t place = generator.below(parameter.numel());
      const double before = parameter.value().data<double>()[place];
      const auto loss_at = [&](double value) {
        parameter.mutable_value().mutable_data<double>()[place] = value;
        return loss().item();
      };
      const double difference = (loss_at(before + 1e-5) - loss_at(before - 1e-5)) / 2e-5;
      parameter.mutable_value().mutable_data<double>()[place] = before;
      REQUIRE(gradients[i].value().data<double>()[place] == Approx(difference).margin(1e-8).epsilon(1e-5));
    }
  }
}

TEST_CASE("every parameter of a model gets a gradient") {
  for (const Seq2SeqConfig& config : every_kind()) {
    const auto model = make_seq2seq(config);
    backward(model->loss(source_batch(), source_lengths(), target_batch()));
    for (const auto& [name, parameter] : model->named_parameters()) {
      INFO(title(config) << ": " << name);
      REQUIRE(parameter.grad().defined());
    }
    REQUIRE(live_nodes() == 0);
  }
}

TEST_CASE("without teacher forcing the decoder is fed what greedy search would choose") {
  for (const Seq2SeqConfig& config : every_kind()) {
    INFO(title(config));
    const auto model = make_seq2seq(config);
    model->eval();
    const auto outputs = greedy_search(*model, source_batch(), source_lengths(), 3);
    const Tensor free = model->forward(source_batch(), source_lengths(), target_batch(), {.ratio = 0}).logits.value();
    for (int64_t i = 0; i < 3; ++i) {
      const auto& tokens = outputs[static_cast<size_t>(i)].tokens;
      const Tensor written = narrow(narrow(free, 0, i, 1), 2, 2, free.size(2) - 2);  // all but pad and bos
      const Tensor best = argmax(written, -1);
      for (size_t t = 0; t < tokens.size(); ++t) {
        REQUIRE(best.at({0, static_cast<int64_t>(t)}) + 2 == static_cast<double>(tokens[t]));
      }
    }
  }
}

TEST_CASE("coins of teacher forcing come from the generator that is given") {
  Seq2SeqConfig config = every_kind()[2];
  const auto model = make_seq2seq(config);
  const auto logits = [&](uint64_t seed, double ratio) {
    Generator generator(seed);
    return model->forward(source_batch(), source_lengths(), target_batch(), {.ratio = ratio, .generator = &generator})
        .logits.value()
        .to_vector<float>();
  };
  REQUIRE(logits(1, 0.5) == logits(1, 0.5));
  bool differs = false;
  for (uint64_t seed = 2; seed < 10; ++seed) {
    differs = differs || logits(seed, 0.5) != logits(1, 0.5);
  }
  REQUIRE(differs);
  REQUIRE_THROWS_AS(logits(1, 1.5), ValueError);
  REQUIRE_THROWS_AS(logits(1, std::numeric_limits<double>::quiet_NaN()), ValueError);
}

TEST_CASE("a model learns to reverse short sequences") {
  for (const AttentionKind attention : {AttentionKind::additive, AttentionKind::general}) {
    seed_default_generator(2);
    Seq2SeqConfig config;
    config.source_vocabulary = config.target_vocabulary = 6;
    config.attention = attention;
    config.stack = {.embedding = 16, .hidden = 16, .layers = {.bidirectional = true}};
    const auto model = make_seq2seq(config);
    Adam optimizer(*model, {.lr = 0.02});
    Generator data(1);
    const auto draw = [&] { return randint({16, 3}, 3, 6, data); };
    const auto target_of = [](const Tensor& source) {
      return cat(std::vector<Tensor>{flip(source, {1}), full({source.size(0), 1}, 2, DType::int64)}, 1);
    };
    for (int step = 0; step < 100; ++step) {
      const Tensor source = draw();
      optimizer.zero_grad();
      backward(model->loss(source, Tensor(), target_of(source)));
      clip_grad_norm(model->parameters(), 1);
      optimizer.step();
    }
    const Tensor source = draw();
    const auto outputs = greedy_search(*model, source, Tensor(), 8);
    int right = 0;
    for (int64_t i = 0; i < 16; ++i) {
      auto expected = select(flip(source, {1}), 0, i).to_vector<int64_t>();
      right += outputs[static_cast<size_t>(i)].ended && outputs[static_cast<size_t>(i)].tokens == expected ? 1 : 0;
    }
    INFO(name_of(attention));
    REQUIRE(right >= 15);
  }
}

TEST_CASE("a user's own encoder and decoder train in a Seq2Seq") {
  const auto model = test::toy_seq2seq(kVocabulary, 3);
  REQUIRE(model->named_parameters()[0].first == "encoder.table");
  backward(model->loss(source_batch(), source_lengths(), target_batch()));
  for (const Variable& parameter : model->parameters()) {
    REQUIRE(parameter.grad().defined());
  }
}

TEST_CASE("dropout acts in training and not in evaluation") {
  Seq2SeqConfig config = every_kind()[2];
  config.stack.layers = {.num_layers = 2, .dropout = 0.5};
  const auto model = make_seq2seq(config);
  const auto loss = [&] { return model->loss(source_batch(), source_lengths(), target_batch()).item(); };
  const double first = loss();
  REQUIRE(loss() != first);
  model->eval();
  const double second = loss();
  REQUIRE(loss() == second);
}

TEST_CASE("configurations and batches that make no sense are refused") {
  const Seq2SeqConfig good = every_kind()[0];
  const auto refuses = [&](auto&& change) {
    Seq2SeqConfig config = good;
    change(config);
    REQUIRE_THROWS_AS(make_seq2seq(config), ValueError);
  };
  REQUIRE(!problem_of(good));
  refuses([](Seq2SeqConfig& c) { c.source_vocabulary = 0; });
  refuses([](Seq2SeqConfig& c) { c.target_vocabulary = 2; });
  refuses([](Seq2SeqConfig& c) { c.stack.hidden = 0; });
  refuses([](Seq2SeqConfig& c) { c.stack.embedding = -1; });
  refuses([](Seq2SeqConfig& c) { c.stack.layers.num_layers = 0; });
  refuses([](Seq2SeqConfig& c) { c.stack.layers.dropout = 1.1; });
  refuses([](Seq2SeqConfig& c) { c.stack.layers.dropout = std::numeric_limits<double>::quiet_NaN(); });
  refuses([](Seq2SeqConfig& c) { c.tokens.eos = c.tokens.bos; });
  refuses([](Seq2SeqConfig& c) {
    c.stack.layers.bidirectional = true;
    c.attention = AttentionKind::dot;
  });
  const auto model = make_seq2seq(good);
  REQUIRE_THROWS_AS(model->loss(source_batch(), Tensor(), zeros({3, 0}, DType::int64)), ShapeError);
  REQUIRE_THROWS_AS(model->loss(source_batch(), Tensor(), zeros({2, 3}, DType::int64)), ShapeError);
  REQUIRE_THROWS_AS(model->loss(source_batch(), Tensor(), zeros({3, 3})), DTypeError);
  REQUIRE_THROWS_AS(model->loss(full({3, 2}, 7, DType::int64), Tensor(), target_batch()), IndexError);
  REQUIRE_THROWS_AS(Seq2Seq(nullptr, nullptr), ValueError);
}
