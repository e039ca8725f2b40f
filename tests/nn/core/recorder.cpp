// Recorder: names, shapes and values of what models compute, and what does not change by it.
#include <heed/nn/core/recorder.h>

#include <thread>

#include <heed/autograd/backward.h>
#include <heed/autograd/elementwise.h>
#include <heed/autograd/grad_mode.h>
#include <heed/autograd/index.h>
#include <heed/autograd/matmul.h>
#include <heed/autograd/reduce.h>
#include <heed/autograd/view.h>
#include <heed/nn/core/sequential.h>
#include <heed/nn/recurrent/lstm.h>
#include <heed/nn/seq2seq/greedy_search.h>
#include <heed/nn/seq2seq/seq2seq_config.h>
#include <heed/nn/seq2seq/transformer_seq2seq.h>
#include <heed/nn/transformer/transformer.h>
#include <heed/tensor/create.h>
#include <heed/tensor/error.h>
#include <heed/tensor/index.h>
#include <heed/tensor/random.h>
#include <heed/tensor/view.h>

#include "nn/core/leaky_cell.h"
#include "support/catch.h"
#include "support/message.h"
#include "support/reference.h"

using namespace heed;
using namespace heed::test;

namespace {

Tensor random_tokens(const Shape& shape, int64_t symbols) { return randint(shape, 3, symbols); }

Seq2SeqConfig config_of(AttentionKind attention, CellKind cell = CellKind::lstm, int64_t layers = 1) {
  Seq2SeqConfig config{.source_vocabulary = 8, .target_vocabulary = 9, .attention = attention};
  config.stack.cell = cell;
  config.stack.embedding = 5;
  config.stack.hidden = 6;
  config.stack.layers.num_layers = layers;
  return config;
}

/// Whether `bits` are the same with a Recorder of everything as without, and the gradients too.
void check_unchanged(Module& model, const std::function<Variable()>& loss) {
  const auto run = [&] {
    seed_default_generator(3);
    model.zero_grad();
    const Variable value = loss();
    backward(value);
    std::vector<Tensor> all{value.value()};
    for (const Variable& parameter : model.parameters()) {
      all.push_back(parameter.grad().defined() ? clone(parameter.grad()) : Tensor());
    }
    return all;
  };
  const std::vector<Tensor> without = run();
  std::vector<Tensor> with;
  {
    Recorder recorder(model);
    with = run();
    CHECK(!recorder.names().empty());
  }
  for (size_t i = 0; i < without.size(); ++i) {
    CHECK(without[i].defined() == with[i].defined());
    CHECK((!without[i].defined() || same_bits(without[i], with[i])));
  }
}

}  // namespace

TEST_CASE("every attention of a decoder, whole and step by step, gives its weights as (B, T, S)") {
  for (const AttentionKind kind : attention_kinds()) {
    if (kind == AttentionKind::none) {
      continue;
    }
    CAPTURE(name_of(kind));
    const auto model = make_seq2seq(config_of(kind));
    const Tensor source = random_tokens({2, 5}, 8), target = random_tokens({2, 4}, 9);
    const Tensor lengths = tensor<int64_t>({5, 3});
    Recorder recorder(*model);
    const DecoderOutput output = model->forward(source, lengths, target);
    CHECK(same_bits(recorder["decoder.attention.weights"], contiguous(output.weights.value())));
    CHECK(same_bits(recorder["decoder.output"], contiguous(output.logits.value())));
    CHECK(recorder["decoder.embedding.output"].shape() == Shape{2, 4, 5});
    CHECK(recorder["encoder.rnn.l0.gates"].shape() == Shape{2, 5, 24});
    const Tensor h = recorder[recorder.contains("decoder.cell_l0.h") ? "decoder.cell_l0.h" : "decoder.rnn.l0.h"];
    CHECK(h.shape() == Shape{2, 4, 6});

    Recorder steps(model->decoder());
    const Encoding encoding = model->encoder().forward(source, lengths);
    DecoderState state = model->decoder().start(encoding);
    for (int64_t t = 0; t < 4; ++t) {
      const Tensor tokens = t == 0 ? full({2}, 1, DType::int64) : contiguous(select(target, 1, t - 1));
      state = model->decoder().step(tokens, state).state;
    }
    CHECK(steps["attention.weights"].shape() == Shape{2, 4, 5});
    check_close(values(steps["attention.weights"]), values(output.weights.value()), 1e-5);
    check_close(values(steps["output"]), values(output.logits.value()), 1e-5);
  }
}

TEST_CASE("the fused decoder records what its steps would") {
  const auto model = make_seq2seq(config_of(AttentionKind::additive));
  const Tensor source = random_tokens({2, 5}, 8), target = random_tokens({2, 4}, 9);
  Recorder fused(*model);
  model->forward(source, {}, target);
  // A hook on the attention takes the fused way away.
  HookHandle hook = model->get_submodule("decoder.attention")
                        .register_forward_hook([](const Variable&) { return Variable(); }, "weights");
  Recorder looped(*model);
  fused.clear();
  model->forward(source, {}, target);
  for (const char* name : {"decoder.attention.weights", "decoder.attention.output", "decoder.cell_l0.gates",
                           "decoder.cell_l0.h", "decoder.cell_l0.c", "decoder.output"}) {
    CHECK(looped.contains(name));
  }
  const Tensor by_steps = looped["decoder.cell_l0.gates"], weights = looped["decoder.attention.weights"];
  hook.remove();
  fused.clear();
  model->forward(source, {}, target);
  check_close(values(fused["decoder.cell_l0.gates"]), values(by_steps), 1e-5);
  check_close(values(fused["decoder.attention.weights"]), values(weights), 1e-5);
}

TEST_CASE("a search leaves every head's weights for each hypothesis") {
  const auto model = make_transformer_seq2seq(
      {.source_vocabulary = 8, .target_vocabulary = 9, .num_layers = 2, .heads = 2, .size = 8});
  const Tensor source = random_tokens({2, 5}, 8), lengths = tensor<int64_t>({5, 4});
  Recorder recorder(*model, {.names = {"*.weights"}});
  const std::vector<Hypothesis> best = greedy_search(*model, source, lengths, 6);
  for (size_t i = 0; i < best.size(); ++i) {
    const Tensor heads = recorder.along("decoder.layers.1.multihead_attn.weights", best[i].rows);
    const auto steps = static_cast<int64_t>(best[i].rows.size());
    CHECK(heads.shape() == Shape{2, steps, 5});
    const Tensor own = narrow(mean(heads, {0}), 1, 0, i == 0 ? 5 : 4);
    check_close(values(own), values(best[i].weights), 1e-6);
    // To steps that come later nothing is given: keys grow with the cache.
    const Tensor self = recorder.along("decoder.layers.0.self_attn.weights", best[i].rows);
    CHECK(self.shape() == Shape{2, steps, steps});
    check_close(values(sum(self, {-1})), std::vector<double>(static_cast<size_t>(2 * steps), 1.0), 1e-5);
  }
}

TEST_CASE("a Recorder changes no bit of values and gradients, in training with dropout") {
  const Tensor source = random_tokens({2, 5}, 8), target = random_tokens({2, 4}, 9);
  SECTION("recurrent") {
    Seq2SeqConfig config = config_of(AttentionKind::additive);
    SECTION("fused") {}
    SECTION("dropout") { config.stack.layers.dropout = 0.3; }
    SECTION("step by step") { config.attention = AttentionKind::location; }
    SECTION("own cell") { config.stack.cell = leaky; }
    const auto model = make_seq2seq(config);
    check_unchanged(*model, [&] { return model->loss(source, {}, target); });
  }
  SECTION("transformer") {
    TransformerSeq2SeqConfig config{
        .source_vocabulary = 8, .target_vocabulary = 9, .num_layers = 2, .heads = 2, .size = 8};
    config.layer.dropout = 0.3;
    config.positions = PositionKind::relative;
    const auto model = make_transformer_seq2seq(config);
    check_unchanged(*model, [&] { return model->loss(source, {}, target); });
  }
}

TEST_CASE("values of several forwards stand call by call until clear") {
  Linear linear(3, 2);
  Recorder recorder(linear);
  const Tensor first = linear.forward(randn({4, 3})).value();
  linear.forward(randn({2, 3}));
  CHECK(recorder.calls("output").size() == 2);
  CHECK(same_bits(recorder.calls("output")[0].value(), first));
  CHECK(message_of<ShapeError>([&] {
          recorder["output"];
        }).starts_with("Recorder: the calls of 'output' are no steps of one batch, (4, 2) and (2, 2)"));
  recorder.clear();
  LSTM lstm(3, 2, {.batch_first = false});
  Recorder of_lstm(lstm, {.names = {"output"}});
  lstm.forward(randn({4, 5, 3}));
  lstm.forward(randn({4, 5, 3}));  // not four more steps: two sequences of another batch
  CHECK_THROWS_AS(of_lstm["output"], ShapeError);
  CHECK(of_lstm.calls("output").size() == 2);
  CHECK(recorder.names().empty());
  CHECK(message_of<ValueError>([&] { recorder["output"]; }) ==
        "Recorder: nothing was recorded as 'output'; there is nothing yet");
  linear.forward(randn({2, 3}));
  CHECK(recorder["output"].shape() == Shape{2, 2});
  CHECK(message_of<ValueError>([&] { recorder["weights"]; }) ==
        "Recorder: nothing was recorded as 'weights'; there is:\n  output");
  CHECK_THROWS_AS(Recorder(linear, {.names = {}}), ValueError);
}

TEST_CASE("values are detached unless the graph is asked for") {
  Sequential model;
  model.add<Linear>(3, 3);
  model.add<Linear>(3, 2);
  {
    Recorder recorder(model);
    model.forward(randn({2, 3}));
    CHECK_FALSE(recorder.calls("0.output")[0].requires_grad());
  }
  Recorder recorder(model, {.names = {"0.*"}, .keep_graph = true});
  const Variable y = model.forward(randn({2, 3}));
  const Variable inner = recorder.calls("0.output")[0];
  CHECK(same_bits(grad({sum(y)}, {inner})[0].value(),
                  matmul(ones({2, 2}), static_cast<Linear&>(model[1]).weight().value())));
}

TEST_CASE("with the graph, values inside of fused ways have gradients") {
  const Tensor source = random_tokens({2, 5}, 8), target = random_tokens({2, 4}, 9);
  const auto model = make_seq2seq(config_of(AttentionKind::additive));
  const Tensor plain = model->loss(source, {}, target).value();
  const std::vector<std::string> names{"encoder.embedding.output",  "decoder.embedding.output",
                                       "decoder.attention.weights", "decoder.attention.output",
                                       "decoder.cell_l0.h",         "decoder.cell_l0.c"};
  for (const std::string& name : names) {
    CAPTURE(name);
    Recorder recorder(*model, {.names = {name}, .keep_graph = true});
    const Variable loss = model->loss(source, {}, target);
    check_close(values(loss.value()), values(plain), 1e-5);
    CHECK(max(abs(grad({loss}, {recorder.calls(name)[0]})[0].value())).item() > 0);
  }
  Recorder of_others(*model, {.names = {"decoder.output"}, .keep_graph = true});  // the fused way stays
  CHECK(same_bits(model->loss(source, {}, target).value(), plain));
  const TransformerEncoder encoder(8, 2, 1, {.dim_feedforward = 16, .dropout = 0});
  Recorder recorder(encoder, {.names = {"*.weights"}, .keep_graph = true});
  const Variable y = encoder.forward(randn({2, 5, 8}));
  CHECK(grad({sum(y * y)}, {recorder.calls("layers.0.self_attn.weights")[0]})[0].shape() == Shape{2, 2, 5, 5});
}

TEST_CASE("with the graph, dropout hides the same values") {
  const Tensor source = random_tokens({2, 5}, 8), target = random_tokens({2, 4}, 9);
  Seq2SeqConfig config = config_of(AttentionKind::additive);
  config.stack.layers.dropout = 0.5;
  const auto model = make_seq2seq(config);
  seed_default_generator(7);
  const Tensor plain = model->loss(source, {}, target).value();
  seed_default_generator(7);
  const Recorder recorder(*model, {.names = {"decoder.cell_l0.h"}, .keep_graph = true});
  check_close(values(model->loss(source, {}, target).value()), values(plain), 1e-5);
}

TEST_CASE("what a decoder records is the batch first, fused or step by step, with dropout or without") {
  const Tensor source = random_tokens({2, 5}, 8), target = random_tokens({2, 4}, 9);
  Seq2SeqConfig config = config_of(AttentionKind::additive);
  SECTION("fused") {}
  SECTION("dropout") { config.stack.layers.dropout = 0.5; }
  SECTION("step by step") { config.attention = AttentionKind::location; }
  const auto model = make_seq2seq(config);
  const Recorder recorder(*model, {.names = {"decoder.*"}});
  const Tensor logits = model->forward(source, {}, target).logits.value();
  CHECK(logits.shape() == Shape{2, 4, 9});
  CHECK(same_bits(recorder["decoder.output"], logits));
  const auto check_rows = [&](const std::string& name) {
    CAPTURE(name);
    for (const Variable& value : recorder.calls(name)) {
      CHECK(value.rank() == 3);
      CHECK(value.size(0) == 2);
      CHECK(value.size(1) == 4);
    }
  };
  check_rows("decoder.embedding.output");
  check_rows("decoder.dropout.output");
  check_rows("decoder.output.output");
  const Tensor wrong = tensor<int64_t>({{1, 99, 1, 1}, {1, 1, 1, 1}});  // one later behind the beginning
  CHECK(message_of<IndexError>([&] { model->forward(source, {}, wrong); }).find("index 99 at (0, 2)") !=
        std::string::npos);
}

TEST_CASE("a Recorder sees its own thread and its own model, and parts by their names below it") {
  Sequential model, other;
  model.add<Linear>(3, 3);
  other.add<Linear>(3, 3);
  Recorder recorder(model);
  std::thread([&] { model.forward(randn({1, 3})); }).join();
  other.forward(randn({1, 3}));
  CHECK(recorder.names().empty());
  Recorder of_part(model[0]);
  model.forward(randn({1, 3}));
  CHECK(of_part.names() == std::vector<std::string>{"output"});
  CHECK(recorder.names() == std::vector<std::string>{"0.output", "output"});
}

TEST_CASE("stars stand for any text") {
  struct Named : Module {
    void say() const {
      const NameScope scope(path());
      record_only("a.weights", ones({1}));
      record_only("b.weights.more", ones({1}));
    }
  } named;
  const auto seen = [&](const char* pattern) {
    Recorder recorder(named, {.names = {pattern}});
    named.say();
    return recorder.names().size();
  };
  CHECK(seen("*") == 2);
  CHECK(seen("*.weights") == 1);
  CHECK(seen("*weights*") == 2);
  CHECK(seen("b.*.more") == 1);
  CHECK(seen("a.weights") == 1);
  CHECK(seen("a") == 0);
  CHECK(seen("*s") == 1);
}
