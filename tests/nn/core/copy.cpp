// Copies of models.
#include <heed/nn/core/copy.h>

#include <heed/autograd/elementwise.h>
#include <heed/nn/core/linear.h>
#include <heed/nn/core/sequential.h>
#include <heed/nn/seq2seq/seq2seq_config.h>
#include <heed/nn/seq2seq/transformer_seq2seq.h>
#include <heed/tensor/create.h>
#include <heed/tensor/error.h>
#include <heed/tensor/random.h>

#include "support/catch.h"
#include "support/message.h"
#include "support/reference.h"

using namespace heed;
using namespace heed::test;

namespace {

/// A model of one's own: tied weights, buffers of both kinds, a part.
struct Own : Module {
  Linear in, out;
  Variable mean{zeros({3})}, mask{zeros({2}, DType::boolean)};
  explicit Own(bool tied = true) : in(3, 3), out(3, 3) {
    register_module("in", in);
    register_module("out", out);
    register_buffer("mean", mean);
    register_buffer("mask", mask, /*persistent=*/false);
    if (tied) {
      out.weight() = in.weight();
    }
  }
  Variable forward(const Variable& x) const {
    const NameScope scope(path());
    return record("output", out.forward(in.forward(x) - mean));
  }
};

}  // namespace

TEST_CASE("a copy of a model of one's own has everything and shares nothing") {
  Own model;
  model.to(DType::float64);
  fill_(model.mean.mutable_value(), 2);
  fill_(model.mask.mutable_value(), true);
  model.in.freeze();
  model.out.eval();
  seed_default_generator(4);
  const auto copy = copy_of(model, [] { return std::make_unique<Own>(); });
  const Tensor drawn = rand({3});
  seed_default_generator(4);
  CHECK(same_bits(drawn, rand({3})));
  const Tensor x = randn({2, 3}, DType::float64);
  CHECK(same_bits(copy->forward(x).value(), model.forward(x).value()));
  CHECK(copy->mean.dtype() == DType::float64);
  CHECK(same_bits(copy->mask.value(), model.mask.value()));
  CHECK_FALSE(copy->in.weight().requires_grad());
  CHECK(copy->out.bias().requires_grad());
  CHECK_FALSE(copy->out.training());
  CHECK(copy->training());
  CHECK(copy->out.weight().same_as(copy->in.weight()));
  fill_(copy->in.weight().mutable_value(), 0);
  fill_(copy->mean.mutable_value(), 0);
  CHECK_FALSE(same_bits(copy->forward(x).value(), model.forward(x).value()));
}

TEST_CASE("models of heed are copied by their configurations") {
  Seq2SeqConfig config{.source_vocabulary = 8, .target_vocabulary = 9};
  config.stack.hidden = 6;
  config.stack.embedding = 5;
  const auto model = make_seq2seq(config);
  const auto copy = copy_of(*model, [&] { return make_seq2seq(config); });
  const Tensor source = randint({2, 4}, 3, 8), target = randint({2, 3}, 3, 9);
  CHECK(same_bits(copy->loss(source, {}, target).value(), model->loss(source, {}, target).value()));
}

TEST_CASE("models that differ are not copied, and nothing has changed") {
  Own tied, untied(false);
  const Tensor before = clone(untied.in.weight().value());
  CHECK(message_of<ValueError>([&] { copy_state(tied, untied); }) ==
        "copy_state: the modules differ:\n  tied with another in one of them only: out.weight");
  CHECK_THROWS_AS(copy_state(untied, tied), ValueError);
  CHECK(same_bits(untied.in.weight().value(), before));
  Sequential one, two;
  one.add<Linear>(3, 3);
  two.add<Linear>(3, 4);
  CHECK(message_of<ValueError>([&] { copy_state(one, two); }) ==
        "copy_state: the modules differ:\n  wrong shape: 0.weight must be (3, 3), got (4, 3)"
        "\n  wrong shape: 0.bias must be (3,), got (4,)");
  two.add<Linear>(1, 1, LinearOptions{.bias = false});
  CHECK(message_of<ValueError>([&] { copy_state(one, two); }) ==
        "copy_state: the modules differ:\n  unexpected: 1.weight\n  unexpected part: 1");
}
