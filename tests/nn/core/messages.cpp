// What layers say of what they cannot use: undefined values, other dtypes, no memory.
#include <functional>

#include <heed/nn/attention/attention.h>
#include <heed/nn/attention/location_attention.h>
#include <heed/nn/core/dropout.h>
#include <heed/nn/core/embedding.h>
#include <heed/nn/core/layer_norm.h>
#include <heed/nn/core/rms_norm.h>
#include <heed/nn/core/sequential.h>
#include <heed/nn/loss/classification_loss.h>
#include <heed/nn/optim/adam.h>
#include <heed/nn/optim/clip.h>
#include <heed/nn/recurrent/gru.h>
#include <heed/nn/recurrent/lstm.h>
#include <heed/nn/seq2seq/seq2seq_config.h>
#include <heed/tensor/allocation_limit.h>
#include <heed/tensor/create.h>
#include <heed/tensor/index.h>
#include <heed/tensor/print.h>
#include <heed/tensor/random.h>
#include <heed/tensor/view.h>

#include "support/catch.h"
#include "support/message.h"

using namespace heed;

namespace {

struct Call {
  std::string begin;
  std::function<void()> run;
};

/// Each call's message begins so and holds `says`.
template <class Kind>
void check_messages(const std::vector<Call>& calls, const std::string& says) {
  for (const Call& call : calls) {
    const std::string message = message_of<Kind>(call.run);
    CAPTURE(call.begin, message);
    CHECK(message.starts_with(call.begin));
    CHECK(message.find(says) != std::string::npos);
  }
}

}  // namespace

TEST_CASE("layers and losses say that a value is undefined") {
  const Variable none;
  const Variable query = randn({1, 1, 2});
  const AdditiveAttention attention(2, 3, 4);
  const AttentionMemory memory = attention.prepare(randn({1, 2, 3}));
  Dropout off(0.5);
  off.eval();
  check_messages<Error>(
      {
          {"AdditiveAttention: query must be (1, T, 2), got an ", [&] { attention.forward(none, memory); }},
          {"AdditiveAttention: memory must be (B, S, 3), got an ", [&] { attention.prepare(none); }},
          {"Dropout: ", [&] { Dropout(0.5).forward(none); }},
          {"Dropout: ", [&] { off.forward(none); }},
          {"dropout: ", [&] { dropout(none, 0.5); }},
          {"cross_entropy: ", [&] { cross_entropy(none, tensor({1})); }},
          {"cross_entropy: ",
           [&] {
             cross_entropy(randn({1, 2}), Tensor());
           }},
          {"clip_grad_norm: ", [&] { clip_grad_norm({none}, 1.0); }},
          {"clip_grad_value: ", [&] { clip_grad_value({none}, 1.0); }},
          {"cat: ",
           [&] {
             cat({Tensor(), ones({2})}, 0);
           }},
      },
      "undefined");
  CHECK(message_of<ValueError>([&] { attention.forward(query, AttentionMemory{}); }) ==
        "AdditiveAttention: needs what prepare() gives, got an empty memory");
  CHECK(message_of<ValueError>([&] {
          LocationAttention(2, 3, 4).forward(randn({1, 2}), LocationMemory{}, {});
        }) == "LocationAttention: needs what prepare() gives, got an empty memory");
}

TEST_CASE("norms name the dtype of their input") {
  const Tensor wide = ones({2, 3}, DType::float64);
  CHECK(message_of<DTypeError>([&] { RMSNorm(3).forward(wide); }) == "RMSNorm: input must be float32, got float64");
  CHECK(message_of<DTypeError>([&] { LayerNorm(3).forward(wide); }) == "LayerNorm: input must be float32, got float64");
}

TEST_CASE("a target that is no class is told with its place") {
  CHECK(message_of<IndexError>([] {
          cross_entropy(randn({2, 3, 4}), tensor({{0, 1, 2}, {3, 4, 0}}));
        }) == "cross_entropy: target 4 at (1, 1) is out of range for 4 classes");
  CHECK_NOTHROW(cross_entropy(randn({2, 3, 4}), tensor({{0, 1, 2}, {3, -100, 0}})));
  CHECK(message_of<ShapeError>([] {
          binary_cross_entropy_with_logits(randn({2, 3}), ones({2, 3}), {.pos_weight = ones({2})});
        }) == "binary_cross_entropy_with_logits: pos_weight must broadcast to (2, 3), got (2,)");
}

TEST_CASE("a token that is none is refused in the name of the embedding, also where the table is multiplied") {
  Seq2SeqConfig config;
  config.source_vocabulary = config.target_vocabulary = 8;
  const auto model = make_seq2seq(config);
  const auto says = [&](const Tensor& source, const Tensor& target) {
    return message_of<IndexError>([&] { model->loss(source, Tensor(), target); });
  };
  CHECK(says(tensor({{3, 9}}), tensor({{3, 2}})).starts_with("encoder.embedding: "));
  CHECK(says(tensor({{3, 4}}), tensor({{8, 2}})).starts_with("decoder.embedding: "));
}

TEST_CASE("layers say in their own name that there is no memory") {
  const LSTM lstm(4, 8);
  Sequential model;
  model.add<Linear>(4, 4);
  const Variable x = randn({2, 5, 4});
  const auto parameters = model.named_parameters();
  Variable weight = parameters[0].second, bias = parameters[1].second;
  weight.set_grad(randn({4, 4}));
  Adam adam({weight});
  const StateDict turned{{"0.weight", transpose(weight.value(), 0, 1)}, {"0.bias", bias.value()}};
  const Tensor many = ones({2000});
  const auto with_limit = [](const std::function<void()>& call) {
    return [call] {
      const AllocationLimit limit(8);
      call();
    };
  };
  check_messages<AllocationError>(
      {
          {"Linear: float32 of the shape (30, 20), 2400 bytes", with_limit([] { Linear(20, 30); })},
          {"Embedding: float32 of the shape (30, 20)", with_limit([] { Embedding(30, 20); })},
          {"LayerNorm: ", with_limit([] { LayerNorm(20); })},
          {"RMSNorm: ", with_limit([] { RMSNorm(20); })},
          {"LSTM: ", with_limit([] { LSTM(2, 3); })},
          {"GRU: ", with_limit([] { GRUCell(2, 3); })},
          {"LSTM: ", with_limit([&] { lstm.forward(x); })},
          {"0: linear: ", with_limit([&] { model.forward(x); })},
          {"Adam: float32 of the shape (4, 4)", with_limit([&] { adam.step(); })},
          {"clip_grad_value: ", with_limit([&] { clip_grad_value({weight}, 1); })},
          {"load_state_dict: ", with_limit([&] { model.load_state_dict(turned); })},
          {"to_string: ", with_limit([&] { to_string(many); })},
      },
      "more than the limit of 8 ");
}
