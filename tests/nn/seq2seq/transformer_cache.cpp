// Caches of keys and values: what is not finite, what does not fit, and errors half-way.
#include <limits>

#include <heed/autograd/view.h>
#include <heed/nn/attention/multihead_attention.h>
#include <heed/nn/recurrent/lstm.h>
#include <heed/nn/seq2seq/transformer_seq2seq.h>
#include <heed/nn/transformer/transformer_decoder.h>
#include <heed/tensor/create.h>
#include <heed/tensor/elementwise.h>
#include <heed/tensor/view.h>

#include "support/catch.h"
#include "support/message.h"
#include "support/reference.h"

using namespace heed;
using test::message_of;
using test::random_tensor;

namespace {

Tensor with_nan(Tensor x, int64_t row) {
  Tensor place = narrow(x, 0, row, 1);
  fill_(place, std::numeric_limits<double>::quiet_NaN());
  return x;
}

TransformerSeq2SeqConfig small_config() {
  TransformerSeq2SeqConfig config;
  config.source_vocabulary = config.target_vocabulary = 7;
  config.size = 8;
  config.heads = 2;
  config.layer.dim_feedforward = 16;
  config.layer.dropout = 0;
  return config;
}

}  // namespace

TEST_CASE("a cached step with NaN in one sequence leaves the others alone") {
  MultiheadAttention layer(4, 2);
  layer.eval();
  const Tensor first = random_tensor({2, 3, 4}, 1), next = random_tensor({2, 1, 4}, 2);
  const auto run = [&](const Tensor& step) {
    const KeysAndValues past = layer.forward(first, first, first, Mask::causal()).cache;
    return layer.forward(step, step, step, Mask::causal(), {.past = past}).output.value();
  };
  const Tensor right = run(next), got = run(with_nan(clone(next), 0));
  CHECK_FALSE(all_finite(narrow(got, 0, 0, 1)));
  CHECK(narrow(got, 0, 1, 1).to_vector<float>() == narrow(right, 0, 1, 1).to_vector<float>());
}

TEST_CASE("a padded step of the decoder counts as zeros behind a cache too") {
  TransformerDecoderLayer layer(4, 2, {.dim_feedforward = 8, .dropout = 0});
  const Tensor memory = random_tensor({2, 3, 4}, 1), first = random_tensor({2, 2, 4}, 2);
  const Tensor step = with_nan(random_tensor({2, 1, 4}, 3), 1);
  const TransformerDecoderMasks masks{Mask::causal() | Mask::lengths(from_vector<int64_t>({3, 2}, {2})), {}};
  TransformerDecoderCache cache = layer.prepare(memory);
  layer.forward(first, cache, {Mask::causal(), {}});
  CHECK(all_finite(layer.forward(step, cache, masks).output.value()));
}

TEST_CASE("an error in a cached step leaves the cache as it was") {
  TransformerDecoderLayer layer(4, 2, {.dim_feedforward = 8, .dropout = 0});
  TransformerDecoderCache cache = layer.prepare(random_tensor({2, 3, 4}, 1));
  const Tensor step = random_tensor({2, 1, 4}, 2);
  CHECK_THROWS_AS(layer.forward(step, cache, {{}, Mask::hidden(zeros({2, 9}, DType::boolean))}), ShapeError);
  CHECK(cache.past.steps() == 0);
}

TEST_CASE("a memory of another batch is refused") {
  MultiheadAttention layer(4, 2);
  const KeysAndValues memory = layer.prepare(random_tensor({1, 3, 4}, 1), random_tensor({1, 3, 4}, 1));
  const std::string message = message_of<ShapeError>([&] {
    layer.forward(random_tensor({2, 1, 4}, 2), memory, Mask());
  });
  CHECK(message.find("for as many sequences as the query's, got (1, 2, 3, 2) for (2, 1, 4)") != std::string::npos);
  CHECK_THROWS_AS(layer.forward(random_tensor({2, 1, 4}, 2), KeysAndValues(), Mask()), ShapeError);
}

TEST_CASE("the sequence transformer's forward goes on from where steps have come to") {
  const std::unique_ptr<Seq2Seq> model = make_transformer_seq2seq(small_config());
  model->eval();
  const Encoding encoding = model->encoder().forward(from_vector<int64_t>({3, 4, 5}, {1, 3}), Tensor());
  const DecoderStep first = model->decoder().step(from_vector<int64_t>({1}, {1}), model->decoder().start(encoding));
  const Tensor second = from_vector<int64_t>({4}, {1});
  const Tensor right = model->decoder().step(second, first.state).logits.value();
  const Tensor got = model->decoder().forward(reshape(second, {1, 1}), first.state).logits.value();
  const std::vector<float> a = right.to_vector<float>(), b = got.to_vector<float>();
  for (size_t i = 0; i < a.size(); ++i) {
    CHECK(a[i] == Approx(b[i]).margin(1e-5));
  }
}

TEST_CASE("the halves of the sequence transformer refuse what the factory refuses") {
  TransformerSeq2SeqConfig config = small_config();
  config.num_layers = 0;
  CHECK_THROWS_AS(TransformerSequenceEncoder(config), ValueError);
  CHECK_THROWS_AS(TransformerSequenceDecoder(config), ValueError);
  config = small_config();
  config.layer.final_norm = true;
  CHECK(problem_of(config)->field == "final_norm");
}

TEST_CASE("states that are too many or too few are refused, and those left out are zero") {
  LSTM layer(3, 2);
  const Tensor x = random_tensor({2, 4, 3}, 1), h = random_tensor({2, 2}, 2);
  const auto output = [&](std::vector<CellState> states) {
    return layer.run(x, Mask(), std::move(states)).output.value().to_vector<float>();
  };
  CHECK(output({{h}}) == output({{h, zeros({2, 2})}}));
  CHECK(message_of<ValueError>([&] { output({{h, h, h}}); }).find("a cell has 2 states, got 3") != std::string::npos);
  CHECK(message_of<ValueError>([&] { output({{h}, {h}}); }).find("1, or none, got 2") != std::string::npos);
}
