// Mask: its parts, their combinations, and what it refuses.
#include <heed/autograd/mask.h>

#include <cmath>
#include <limits>

#include <heed/autograd/attention.h>
#include <heed/autograd/backward.h>
#include <heed/autograd/elementwise.h>
#include <heed/autograd/reduce.h>
#include <heed/tensor/error.h>
#include <heed/tensor/index.h>
#include <heed/tensor/view.h>

#include "support/message.h"
#include "support/reference.h"

namespace heed::test {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

Tensor boolean(const Shape& shape, uint32_t seed) { return random_tensor(shape, seed, DType::boolean); }

/// What `mask` hides of scores, each pair.
Tensor hidden_pairs(const Mask& mask, const Shape& scores) {
  const Tensor hidden = mask.on(scores, DType::float32, "test").all_hidden(scores);
  return contiguous(expand(hidden.defined() ? hidden : zeros({}, DType::boolean), scores));
}

TEST_CASE("each part of a mask hides its pairs, and | hides what either hides") {
  const Shape scores{2, 3, 4, 5};
  const Tensor some = boolean({4, 5}, 1), padding = boolean({2, 5}, 2), lengths = tensor<int64_t>({3, 5});
  const Tensor of_heads = boolean({6, 4, 5}, 3), per_head = boolean({3, 4, 5}, 4);
  const auto spread = [&](const Tensor& x) { return contiguous(expand(x, scores)); };
  const std::vector<std::pair<Mask, Tensor>> parts{
      {Mask(), spread(zeros({}, DType::boolean))},
      {Mask(some), spread(some)},
      {Mask::hidden(of_heads), reshape(of_heads, scores)},
      {Mask::hidden(per_head), spread(per_head)},
      {Mask::padding(padding), spread(reshape(padding, {2, 1, 1, 5}))},
      {Mask::lengths(lengths), spread(reshape(padding_mask(lengths, 5), {2, 1, 1, 5}))},
      {Mask::causal(), spread(causal_mask(4, 5))},
      {Mask::causal(1), spread(causal_mask(4, 5, 1))},
      {Mask::causal().after(2), spread(causal_mask(4, 5, 2))},
      {Mask::added(masked_fill(zeros({4, 5}), some, -kInfinity)), spread(some)},
      {Mask::added(ones({4, 5})), spread(zeros({}, DType::boolean))},
      {Mask::added(masked_fill(zeros({6, 4, 5}), of_heads, -kInfinity)), reshape(of_heads, scores)},
      {Mask::added(masked_fill(zeros({3, 4, 5}), per_head, -kInfinity)), spread(per_head)},
      {Mask::padding(Tensor()) | Mask::lengths(Tensor()) | Mask::added(Variable()) | Tensor(),
       spread(zeros({}, DType::boolean))},
  };
  for (size_t i = 0; i < parts.size(); ++i) {
    for (size_t k = 0; k < parts.size(); ++k) {
      CAPTURE(i, k);
      CHECK(same_bits(hidden_pairs(parts[i].first | parts[k].first, scores),
                      logical_or(parts[i].second, parts[k].second)));
    }
  }
}

TEST_CASE("a mask adds what both parts add, without -infinity, and is differentiable") {
  const Variable one(random_tensor({2, 3}, 1), true), two(full({3}, 0.5));
  Tensor infinite = clone(one.value());
  infinite.mutable_data<float>()[1] = -std::numeric_limits<float>::infinity();
  const Variable three(infinite, true);
  const auto added = [](const Mask& mask) { return mask.on({2, 3}, DType::float32, "test").added; };
  CHECK(same_bits(added(Mask::added(one)).value(), one.value()));
  CHECK(same_bits(added(Mask::added(one) | Mask::added(two)).value(), one.value() + two.value()));
  const Variable finite = added(Mask::added(three));
  CHECK(all_finite(finite.value()));
  const Tensor gradient = grad({sum(finite)}, {three})[0].value();
  CHECK((gradient.at({0, 1}) == 0 && gradient.at({1, 1}) == 1));
  CHECK_FALSE(Mask::added(one).hides());
  CHECK(Mask::added(three).hides());
  const Tensor of_heads = random_tensor({6, 4, 5}, 2), per_head = random_tensor({3, 4, 5}, 3);
  const Mask both = Mask::added(of_heads) | Mask::added(per_head);
  CHECK(same_bits(both.on({2, 3, 4, 5}, DType::float32, "test").added.value(),
                  reshape(of_heads, {2, 3, 4, 5}) + per_head));
}

TEST_CASE("a mask that adds -infinity may be kept, and is differentiated in every step") {
  Variable scores(tensor<double>({0.5, -kInfinity, 1}), true);
  const Mask mask = Mask::added(scores);
  const Variable x(tensor<double>({1, 2, 3}), true);
  std::vector<Tensor> gradients;
  for (int step = 0; step < 2; ++step) {
    scores.zero_grad();
    backward(sum(masked_softmax(x, mask) * tensor<double>({1, 2, 3})));
    gradients.push_back(clone(scores.grad()));
  }
  CHECK(same_bits(gradients[0], gradients[1]));
  CHECK((gradients[0].at({0}) < 0 && gradients[0].at({1}) == 0));
}

TEST_CASE("a causal mask behind a cache hides nothing from the last query") {
  CHECK_FALSE(Mask::causal().after(4).on({1, 5}, DType::float32, "test").all_hidden({1, 5}).defined());
  CHECK(Mask::causal().on({5, 5}, DType::float32, "test").is_causal);
}

TEST_CASE("positions of a sequence are a bool mask or lengths, and each gives the other") {
  const Tensor lengths = tensor<int64_t>({3, 0, 4}), padding = padding_mask(lengths, 4);
  for (const Mask& mask : {Mask(padding), Mask::padding(padding), Mask::lengths(lengths)}) {
    CHECK(same_bits(mask.positions(3, 4, "test"), padding));
    CHECK(same_bits(mask.sequence_lengths(3, 4, "test"), lengths));
  }
  CHECK_FALSE(Mask().positions(3, 4, "test").defined());
  CHECK_FALSE(Mask().sequence_lengths(3, 4, "test").defined());
  CHECK(message_of<ValueError>([] {
          Mask(from_vector<bool>({true, false}, {1, 2})).sequence_lengths(1, 2, "reader");
        }) == "reader: hidden positions must be at the end, got a visible one behind a hidden one in row 0");
  CHECK_THROWS_AS(Mask::causal().positions(3, 4, "test"), ValueError);
  CHECK_THROWS_AS(Mask::padding(padding).positions(3, 5, "test"), ShapeError);
}

TEST_CASE("hide() fills hidden positions, hide_nonfinite() only what is not finite") {
  const Tensor lengths = tensor<int64_t>({2, 1});
  Tensor x = ones({2, 3, 2});
  Tensor past = narrow(select(x, 0, 1), 0, 1, 1);
  fill_(past, std::nan(""));
  const Tensor filled = masked_fill(x, unsqueeze(padding_mask(lengths, 3), 2), 0);
  CHECK(same_bits(hide(x, Mask::lengths(lengths)).value(), filled));
  CHECK(same_bits(hide(transpose(x, 0, 1), Mask::lengths(lengths), false).value(), transpose(filled, 0, 1)));
  const Tensor finite = hide_nonfinite(x, Mask::lengths(lengths)).value();
  CHECK((all_finite(finite) && finite.at({1, 1, 0}) == 0 && finite.at({1, 2, 0}) == 1));
  const Variable clean = ones({2, 3, 2});
  CHECK(hide_nonfinite(clean, Mask::lengths(lengths) | Mask::causal()).same_as(clean));
  CHECK(hide_nonfinite(clean, Mask::causal()).same_as(clean));
}

TEST_CASE("masks refuse what they cannot be, by name") {
  CHECK(message_of<DTypeError>([] {
          Mask::hidden(zeros({2, 3}));
        }) == "Mask: must be bool, true = hidden, got float32");
  CHECK(message_of<ShapeError>([] { Mask::padding(zeros({3}, DType::boolean)); }) ==
        "Mask: padding must be (B, S), got (3,)");
  CHECK(message_of<DTypeError>([] { Mask::lengths(zeros({3})); }) == "Mask: lengths must be int64, got float32");
  CHECK(message_of<DTypeError>([] {
          Mask::added(zeros({2, 3}, DType::int64));
        }) == "Mask: what is added must be float32 or float64, got int64");
  CHECK_THROWS_AS(Mask::causal(-1), ValueError);
  CHECK(message_of<ShapeError>([] {
          masked_softmax(Variable(zeros({2, 3})), Mask::padding(zeros({2, 3}, DType::boolean)));
        }) == "masked_softmax: padding and lengths need scores (B, …, T, S), got (2, 3)");
}

}  // namespace
}  // namespace heed::test
