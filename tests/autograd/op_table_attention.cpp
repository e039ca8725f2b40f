// Rows of attention.
#include <cmath>

#include <heed/autograd/attention.h>

#include "support/lines.h"
#include "support/op_table.h"

namespace heed::test {
namespace {

using Variables = std::vector<Variable>;

/// {weights · value, weights}: scores (…, T, S), value (…, S, M), leading axes broadcast; `sees(index of a score)`.
template <class F>
Arrays attend_reference(const Array& scores, const Array& value, const F& sees) {
  const Array hidden = array_of(scores.shape, [&](const Shape& index) { return sees(index) ? 0 : 1; });
  const Array weights = along<Line>({scores, hidden}, scores.shape.rank() - 1,
                                    [](const auto& lines) { return softmax_of(lines[0], lines[1]); });
  return {matrix_product(weights, value), weights};
}

/// query · key, scaled: (…, T, D) and (…, S, D) → (…, T, S), key's leading axes those of query or 1.
Array scores_reference(const Array& query, const Array& key, double scale) {
  const int64_t rank = query.shape.rank();
  Shape shape = query.shape;
  shape[rank - 1] = key.shape[key.shape.rank() - 2];
  return array_of(shape, [&](const Shape& index) {
    double sum = 0;
    for (int64_t d = 0; d < query.shape.back(); ++d) {
      Shape left = index, right = index;
      left[rank - 1] = d;
      right[rank - 2] = index.back();
      right[rank - 1] = d;
      sum += query.at(left) * key.at(broadcast_index(right, key.shape));
    }
    return sum * scale;
  });
}

std::vector<Variable> both(const AttentionResult& result) { return {result.output, result.weights}; }

Mask mask_of(const Variables& x, size_t place) { return x.size() > place ? x[place].value() : Tensor(); }

Mask mask_of(const Variables& x, size_t place, bool causal) {
  return mask_of(x, place) | (causal ? Mask::causal() : Mask());
}

OpRow dot_product_row(const ScaledDotProductOptions& options, std::vector<Case> cases, bool causal = false) {
  return {"scaled_dot_product_attention",
          [=](const Variables& x) {
            const AttentionResult result =
                scaled_dot_product_attention(x[0], x[1], x[2], mask_of(x, 3, causal), options);
            return options.need_weights ? both(result) : Variables{result.output};
          },
          [=](const Arrays& x) {
            const int64_t rank = x[0].shape.rank();
            const double scale = options.scale.value_or(1 / std::sqrt(static_cast<double>(x[0].shape.back())));
            Arrays result = attend_reference(scores_reference(x[0], x[1], scale), x[2], [&](const Shape& index) {
              const bool future = causal && index.back() > index[rank - 2];
              return !future && (x.size() < 4 || x[3].at(broadcast_index(index, x[3].shape)) == 0);
            });
            result.resize(options.need_weights ? 2 : 1);
            return result;
          },
          std::move(cases)};
}

}  // namespace

std::vector<OpRow> attention_rows() {
  return {
      row(
          "dot_scores", [](const Variables& x) { return dot_scores(x[0], x[1], mask_of(x, 2)); },
          [](const Arrays& x) { return scores_reference(x[0], x[1], 1); },
          {{{{3, 4}}, {{5, 4}}}, {{{2, 3, 4}}, {{2, 5, 4}}, hidden({2, 1, 5})}, {{{2, 3, 4}}, {{2, 0, 4}}}}),
      row(
          "weighted_sum", [](const Variables& x) { return weighted_sum(x[0], x[1], mask_of(x, 2)); },
          [](const Arrays& x) { return matrix_product(x[0], x[1]); },
          {{{{3, 5}}, {{5, 2}}}, {{{2, 3, 5}}, {{5, 2}}, hidden({3, 5})}, {{{2, 3, 0}}, {{2, 0, 2}}}}),
      row(
          "hide", [](const Variables& x) { return hide(x[0], Mask::padding(x[1].value())); },
          [](const Arrays& x) {
            return array_of(x[0].shape, [&](const Shape& i) { return x[1].at({i[0], i[1]}) != 0 ? 0 : x[0].at(i); });
          },
          {{{{2, 3, 4}}, hidden({2, 3})}, {{{2, 0, 4}}, hidden({2, 0})}}),
      row(
          "hide_nonfinite", [](const Variables& x) { return hide_nonfinite(x[0], Mask::padding(x[1].value())); },
          [](const Arrays& x) { return x[0]; }, {{{{2, 3, 4}}, hidden({2, 3})}}),
      row(
          "hide_nonfinite_keys",
          [](const Variables& x) {
            return hide_nonfinite_keys(x[0], Mask::padding(x[1].value()), {2, 1, 5, 3});
          },
          [](const Arrays& x) { return x[0]; }, {{{{2, 3, 4}}, hidden({2, 3})}}),
      {"attend",
       [](const Variables& x) { return both(attend(x[0], x[1], mask_of(x, 2))); },
       [](const Arrays& x) {
         return attend_reference(x[0], x[1], [&](const Shape& index) {
           return x.size() < 3 || x[2].at(broadcast_index(index, x[2].shape)) == 0;
         });
       },
       {{{{3, 5}}, {{5, 2}}},
        {{{2, 3, 5}}, {{2, 5, 2}}, hidden({2, 1, 5})},
        {{{2, 1, 5}}, {{5, 2}}, hidden({2, 1, 5})},
        {{{3, 5}}, {{5, 2}}, hidden({3, 1})},
        {{{2, 0, 5}}, {{2, 5, 2}}, hidden({5})},
        {{{2, 3, 0}}, {{2, 0, 2}}, hidden({2, 1, 0})}}},
      dot_product_row({}, {{{{3, 4}}, {{5, 4}}, {{5, 2}}},
                           {{{2, 3, 4}}, {{2, 5, 4}}, {{2, 5, 2}}, hidden({2, 1, 5})},
                           {{{2, 2, 3, 4}}, {{2, 1, 5, 4}}, {{2, 2, 5, 3}}, hidden({3, 5})},
                           {{{2, 1, 4}}, {{2, 1, 4}}, {{2, 1, 1}}},
                           {{{2, 3, 4}}, {{2, 0, 4}}, {{2, 0, 2}}},
                           {{{0, 3, 4}}, {{0, 5, 4}}, {{0, 5, 2}}, hidden({3, 5})}}),
      dot_product_row(
          {}, {{{{2, 4, 3}}, {{2, 4, 3}}, {{2, 4, 2}}}, {{{2, 4, 3}}, {{2, 6, 3}}, {{2, 6, 2}}, hidden({2, 1, 6})}},
          true),
      dot_product_row({.scale = 0.3}, {{{{3, 4}}, {{5, 4}}, {{5, 2}}}}),
      dot_product_row({.need_weights = false}, {{{{3, 4}}, {{5, 4}}, {{5, 2}}},
                                                {{{2, 3, 4}}, {{2, 5, 4}}, {{2, 5, 2}}, hidden({2, 1, 5})},
                                                {{{2, 2, 3, 4}}, {{2, 1, 5, 4}}, {{2, 2, 5, 3}}, hidden({3, 5})},
                                                {{{2, 3, 4}}, {{5, 4}}, {{5, 2}}},
                                                {{{2, 1, 4}}, {{2, 1, 4}}, {{2, 1, 1}}},
                                                {{{2, 3, 4}}, {{2, 0, 4}}, {{2, 0, 2}}},
                                                {{{0, 3, 4}}, {{0, 5, 4}}, {{0, 5, 2}}, hidden({3, 5})}}),
      dot_product_row(
          {.scale = 0.3, .need_weights = false},
          {{{{2, 4, 3}}, {{2, 4, 3}}, {{2, 4, 2}}}, {{{2, 4, 3}}, {{2, 6, 3}}, {{2, 6, 2}}, hidden({2, 1, 6})}}, true),
      row(
          "additive_scores", [](const Variables& x) { return additive_scores(x[0], x[1], x[2]); },
          [](const Arrays& x) {
            const Shape shape{x[0].shape[0], x[0].shape[1], x[1].shape[1]};
            return array_of(shape, [&](const Shape& i) {
              double sum = 0;
              for (int64_t a = 0; a < x[2].shape[0]; ++a) {
                sum += x[2].at({a}) * std::tanh(x[0].at({i[0], i[1], a}) + x[1].at({i[0], i[2], a}));
              }
              return sum;
            });
          },
          {{{{2, 3, 4}}, {{2, 5, 4}}, {{4}}}, {{{2, 1, 3}}, {{2, 2, 3}}, {{3}}}, {{{1, 0, 3}}, {{1, 2, 3}}, {{3}}}}),
  };
}

}  // namespace heed::test
