// Score terms inside multihead attention, its cache, and that of the transformer's decoder.
#include <cmath>

#include <heed/autograd/backward.h>
#include <heed/autograd/elementwise.h>
#include <heed/autograd/index.h>
#include <heed/autograd/reduce.h>
#include <heed/autograd/view.h>
#include <heed/nn/attention/alibi.h>
#include <heed/nn/attention/rotary.h>
#include <heed/nn/transformer/position_kind.h>
#include <heed/nn/transformer/transformer.h>
#include <heed/tensor/error.h>
#include <heed/tensor/index.h>
#include <heed/tensor/view.h>

#include "support/message.h"
#include "support/reference.h"

using namespace heed;
using test::random_tensor;
using test::same_bits;

namespace {

double largest_difference(const Tensor& a, const Tensor& b) {
  REQUIRE(a.shape() == b.shape());
  return max(abs(a - b)).item();
}

/// Adds what a causal mask leaves to the score of each pair: a user's own term.
struct Recency : ScoreTerm {
  AttentionResult attend(const Variable& query, const Variable& key, const Variable& value, const Mask& mask,
                         int64_t first, const ScaledDotProductOptions& options) const override {
    const Tensor later = heed::to(causal_mask(query.size(2), key.size(2), first), query.dtype());
    return scaled_dot_product_attention(query, key, value, mask | Mask::added(later), options);
  }
};

std::vector<MakeScoreTerm> terms() {
  std::vector<MakeScoreTerm> all{{}, [](int64_t, int64_t) { return std::make_unique<Recency>(); }};
  for (const PositionKind kind : position_kinds()) {
    if (MakeScoreTerm term = score_term_of(kind, 2)) {
      all.push_back(std::move(term));
    }
  }
  REQUIRE(all.size() == 6);
  return all;
}

}  // namespace

TEST_CASE("hard ALiBi's first heads see the last positions only, the others all") {
  const Tensor mask = hard_alibi_mask(3, 4, 5, 1);
  test::for_each_index(mask.shape(), [&](const Shape& i) {
    const int64_t distance = 1 + i[1] - i[2];
    const bool hidden = i[0] < 2 && (distance < 0 || distance > i[0] + 1);
    CHECK((mask.at(i) != 0) == hidden);
  });
  CHECK_THROWS_AS(hard_alibi_mask(0, 1, 1), ValueError);
  CHECK_THROWS_AS(hard_alibi_mask(1, -1, 1), ValueError);
}

TEST_CASE("ALiBi and hard ALiBi are multihead attention with their mask, rotary with turned queries and keys") {
  const Variable x(random_tensor({2, 5, 12}, 1));
  MultiheadAttention plain(12, 3), alibi(12, 3, {.score_term = score_term_of(PositionKind::alibi)}),
      hard(12, 3, {.score_term = score_term_of(PositionKind::hard_alibi)});
  alibi.load_state_dict(plain.state_dict());
  hard.load_state_dict(plain.state_dict());
  for (const bool need_weights : {true, false}) {
    const MultiheadAttentionArguments call{.need_weights = need_weights};
    CHECK(same_bits(alibi.forward(x, x, x, Mask::causal(), call).output.value(),
                    plain.forward(x, x, x, Mask::causal() | Mask::added(alibi_bias(3, 5, 5)), call).output.value()));
    CHECK(same_bits(hard.forward(x, x, x, {}, call).output.value(),
                    plain.forward(x, x, x, hard_alibi_mask(3, 5, 5), call).output.value()));
  }
  Rotary rotary(4);
  const Variable heads(random_tensor({2, 3, 5, 4}, 2));
  CHECK(same_bits(rotary.place(heads, 3).value(), rotary_embedding(heads, {.offset = 3}).value()));
  CHECK_THROWS_AS(Rotary(3), ValueError);
  CHECK_THROWS_AS(MultiheadAttention(9, 3, {.score_term = score_term_of(PositionKind::rotary)}), ValueError);
}

TEST_CASE("scores of ALiBi and rotary depend on distances alone: a later start changes nothing") {
  for (const PositionKind kind : {PositionKind::alibi, PositionKind::rotary, PositionKind::relative}) {
    INFO(name_of(kind));
    const auto term = score_term_of(kind, 2)(2, 4);
    term->to(DType::float64);
    const Variable query(random_tensor({1, 2, 3, 4}, 1, DType::float64)),
        key(random_tensor({1, 2, 3, 4}, 2, DType::float64));
    const Tensor early = term->attend(term->place(query, 0), term->place(key, 0), key, {}, 0, {}).weights.value();
    const Variable before(random_tensor({1, 2, 4, 4}, 3, DType::float64));
    const Tensor hidden = lt(to(from_vector<int64_t>({0, 0, 0, 0, 1, 1, 1}, {7}), DType::float64), 0.5);
    const Variable all_keys = cat({term->place(before, 0), term->place(key, 4)}, 2), values = cat({before, key}, 2);
    const Tensor late = term->attend(term->place(query, 4), all_keys, values, hidden, 4, {}).weights.value();
    CHECK(largest_difference(narrow(late, 3, 4, 3), early) < 1e-12);
  }
}

TEST_CASE("multihead attention behind a cache computes what it computes at once") {
  for (const MakeScoreTerm& term : terms()) {
    for (const bool batch_first : {true, false}) {
      MultiheadAttention layer(8, 2, {.batch_first = batch_first, .score_term = term});
      layer.to(DType::float64);
      const int64_t steps = batch_first ? 1 : 0;
      const Variable x(random_tensor({batch_first ? 2 : 7, batch_first ? 7 : 2, 8}, 3, DType::float64));
      const MultiheadAttentionOutput all = layer.forward(x, x, x, Mask::causal());
      MultiheadAttentionArguments call;
      for (const auto& [start, length] : {std::pair{0, 3}, {3, 1}, {4, 2}, {6, 1}}) {
        const Variable part = narrow(x, steps, start, length);
        const MultiheadAttentionOutput some = layer.forward(part, part, part, Mask::causal(), call);
        CHECK(largest_difference(some.output.value(), narrow(all.output.value(), steps, start, length)) < 1e-12);
        CHECK(largest_difference(some.weights.value(),
                                 narrow(narrow(all.weights.value(), 1, start, length), 2, 0, start + length)) < 1e-12);
        call.past = some.cache;
        CHECK(call.past.steps() == start + length);
      }
    }
  }
}

TEST_CASE("a memory that is prepared once gives what it gives each time") {
  for (const MultiheadAttentionOptions& options :
       {MultiheadAttentionOptions{}, {.bias = false}, {.kdim = 5, .vdim = 5}, {.batch_first = false}}) {
    MultiheadAttention layer(8, 2, options);
    const int64_t width = options.kdim.value_or(8);
    const Variable query(random_tensor({2, 3, 8}, 1)),
        memory(random_tensor(options.batch_first ? Shape{2, 4, width} : Shape{4, 3, width}, 2));
    const Mask mask = Mask::lengths(options.batch_first ? tensor<int64_t>({4, 2}) : tensor<int64_t>({4, 2, 1}));
    const MultiheadAttentionOutput each = layer.forward(query, memory, memory, mask);
    const MultiheadAttentionOutput once = layer.forward(query, layer.prepare(memory, memory, mask), mask);
    CHECK(largest_difference(each.output.value(), once.output.value()) < 1e-6);
    CHECK(largest_difference(each.weights.value(), once.weights.value()) < 1e-6);
    CHECK_THROWS_AS(layer.prepare(query, random_tensor({2, 3, 9}, 1)), ShapeError);
    CHECK_THROWS_AS(layer.forward(random_tensor({2, 3, 9}, 1), layer.prepare(memory, memory)), ShapeError);
  }
}

TEST_CASE("keys behind a cache that are hidden from all queries reach no output and no gradient, be they NaN") {
  MultiheadAttention layer(8, 2);
  const Variable x(random_tensor({1, 3, 8}, 1));
  const KeysAndValues past = layer.forward(x, x, x).cache;
  Tensor bad = random_tensor({1, 2, 8}, 2);
  Tensor second = narrow(bad, 1, 1, 1);
  fill_(second, std::nan(""));
  const Variable query(random_tensor({1, 2, 8}, 3)), key(bad, true);
  const Mask mask = Mask::lengths(tensor<int64_t>({4}));
  const auto result = layer.forward(query, key, key, mask, {.past = past});
  CHECK(all_finite(result.output.value()));
  backward(sum(result.output));
  for (const auto& [name, parameter] : layer.named_parameters()) {
    INFO(name);
    CHECK(all_finite(parameter.grad()));
  }
}

TEST_CASE("a query that sees nothing reaches no gradient of relative positions, even if it is NaN") {
  Tensor broken = random_tensor({1, 2, 3, 4}, 1);
  Tensor second = select(broken, 2, 1);
  fill_(second, std::nan(""));
  const Variable query(broken), key(random_tensor({1, 2, 3, 4}, 2)), value(random_tensor({1, 2, 3, 4}, 3));
  const Tensor hidden = heed::to(tensor<int64_t>({0, 1, 0}), DType::boolean);
  const auto term = score_term_of(PositionKind::relative, 2)(2, 4);
  const Mask mask = Mask::hidden(contiguous(expand(unsqueeze(hidden, 1), {3, 3})));
  const auto result = term->attend(query, key, value, mask, 0, {});
  CHECK(all_finite(result.output.value()));
  backward(sum(result.output));
  for (const auto& [name, parameter] : term->named_parameters()) {
    INFO(name);
    CHECK(all_finite(parameter.grad()));
  }
}

TEST_CASE("the transformer's decoder goes on step by step from a cache") {
  for (const MakeScoreTerm& term : terms()) {
    TransformerOptions options;
    options.dim_feedforward = 6;
    options.norm_first = options.final_norm = true;
    options.score_term = term;
    TransformerDecoder decoder(8, 2, 2, options);
    decoder.eval();
    const Variable target(random_tensor({2, 5, 8}, 1)), memory(random_tensor({2, 4, 8}, 2));
    const TransformerDecoderMasks masks{Mask::causal(), Mask::lengths(tensor<int64_t>({4, 2}))};
    const Tensor all = decoder.forward(target, memory, masks).value();
    auto caches = decoder.prepare(memory, masks.memory);
    for (const auto& [start, length] : {std::pair{0, 2}, {2, 1}, {3, 2}}) {
      const Tensor some = decoder.forward(narrow(target, 1, start, length), caches, masks).output.value();
      CHECK(largest_difference(some, narrow(all, 1, start, length)) < 1e-5);
    }
    CHECK(caches[1].past.steps() == 5);
    caches.pop_back();
    CHECK(message_of<ValueError>([&] { decoder.forward(target, caches, masks); }) ==
          "TransformerDecoder: needs a cache per layer, 2, got 1");
  }
}

TEST_CASE("a score term's parameters are named under self_attn, and a maker of null is refused") {
  const TransformerEncoderLayer layer(4, 2,
                                      {.dim_feedforward = 3, .score_term = score_term_of(PositionKind::relative, 1)});
  std::string names;
  for (const auto& [name, value] : layer.state_dict()) {
    names += name.starts_with("self_attn.score_term") ? name + " " : "";
  }
  CHECK(names == "self_attn.score_term.key_positions self_attn.score_term.value_positions ");
  CHECK_THROWS_AS(MultiheadAttention(4, 2, {.score_term = [](int64_t, int64_t) { return nullptr; }}), ValueError);
}

TEST_CASE("what a score term of one's own gives is checked") {
  struct Own : ScoreTerm {
    explicit Own(const std::vector<Shape>& shapes) : shapes_(shapes) {}
    Variable place(const Variable& x, int64_t) const override { return reshape(x, shapes_[0]); }
    AttentionResult attend(const Variable&, const Variable&, const Variable&, const Mask&, int64_t,
                           const ScaledDotProductOptions&) const override {
      return {zeros(shapes_[1]), zeros(shapes_[2])};
    }
    std::vector<Shape> shapes_;
  };
  const Variable x(zeros({2, 3, 8}));
  const auto says = [&](const std::vector<Shape>& shapes) {
    const MultiheadAttention layer(8, 4,
                                   {.score_term = [&](int64_t, int64_t) { return std::make_unique<Own>(shapes); }});
    return test::message_of<ShapeError>([&] { layer.forward(x, x, x); });
  };
  const Shape right{2, 4, 3, 2}, weights{2, 4, 3, 3}, swapped{2, 3, 4, 2};
  CHECK(says({swapped, right, weights}) ==
        "MultiheadAttention: what place() of the score term gives must be (2, 4, 3, 2), got (2, 3, 4, 2)");
  CHECK(says({right, swapped, weights}) ==
        "MultiheadAttention: the output that attend() of the score term gives must be (2, 4, 3, 2), got (2, 3, 4, 2)");
  CHECK(says({right, right, {4, 3, 3}}) ==
        "MultiheadAttention: the weights that attend() of the score term gives must be (2, 4, 3, 3), got (4, 3, 3)");
}

TEST_CASE("a cache of another attention is refused by name") {
  const MultiheadAttention layer(8, 4);
  const Variable x(zeros({2, 3, 8}));
  const auto says = [&](const Variable& keys, const Variable& values) {
    return test::message_of<ShapeError>([&] { layer.forward(x, x, x, {}, {.past = {keys, values}}); });
  };
  const Variable right(zeros({2, 4, 5, 2}));
  const std::string keys = "MultiheadAttention: past.keys, a cache of this attention, must be (2, 4, 5, 2), got ",
                    values = "MultiheadAttention: past.values, a cache of this attention, must be (2, 4, 5, 2), got ";
  CHECK_NOTHROW(layer.forward(x, x, x, {}, {.past = {right, right}}));
  CHECK(says(zeros({1, 4, 5, 2}), right) == keys + "(1, 4, 5, 2)");
  CHECK(says(zeros({2, 2, 5, 4}), right) == keys + "(2, 2, 5, 4)");
  CHECK(says(right, zeros({2, 4, 4, 2})) == values + "(2, 4, 4, 2)");
  CHECK(says(right, Variable()) == values + "an undefined Variable");
}
