// Rows of attention.
#include <cmath>

#include <heed/autograd/attention.h>
#include <heed/autograd/index.h>
#include <heed/nn/attention/alibi.h>
#include <heed/nn/attention/luong_attention.h>
#include <heed/nn/attention/multihead_attention.h>
#include <heed/nn/attention/relative_attention.h>
#include <heed/nn/attention/rotary.h>

#include "support/layer_table.h"

namespace heed::test {
namespace {

using Widths = const LayerWidths&;

LayerRow attention_row(std::string name, bool one_size,
                       const std::function<std::unique_ptr<Attention>(int64_t, int64_t)>& make) {
  LayerRow row{std::move(name), [=](Widths w) {
                 const int64_t query = w.hidden, memory = one_size ? query : w.input;
                 return use_of<Attention>(
                     [=] { return make(query, memory); }, {{"BTF", query, 0, 0, true}, {"BSF", memory}},
                     {{"BTF", memory, 0, 0, true}, {"BTS", 0, 0, 0, true}},
                     [](Attention& layer, const Variables& x, const LayerLengths& lengths) {
                       const AttentionOutput result = layer.forward(x[0], x[1], Mask::lengths(lengths.sources));
                       return Variables{result.context, result.weights};
                     });
               }};
  row.hides = "S";
  return row;
}

std::vector<LayerRow> attention_rows_of_queries() {
  const auto luong = [](LuongScore score) {
    return [score](int64_t query, int64_t memory) { return std::make_unique<LuongAttention>(query, memory, score); };
  };
  return {
      attention_row("AdditiveAttention", false,
                    [](int64_t q, int64_t m) { return std::make_unique<AdditiveAttention>(q, m, q + 2); }),
      attention_row("LuongAttention, dot", true, luong(LuongScore::dot)),
      attention_row("LuongAttention, general", false, luong(LuongScore::general)),
      attention_row("LuongAttention, concat", false, luong(LuongScore::concat)),
      attention_row("ScaledDotProductAttention", true,
                    [](int64_t q, int64_t) { return std::make_unique<ScaledDotProductAttention>(q); }),
  };
}

struct HeadsForm {
  std::string name;
  MultiheadAttentionOptions options = {};
  bool need_weights = true, average = true, causal = false, added_mask = false, itself = false, other_sizes = false;
};

/// (B, T, E) and so on by the letters of axes, or steps first.
std::vector<Port> inputs_of(const HeadsForm& form, Widths w) {
  const int64_t size = w.heads * w.hidden;
  const bool first = form.options.batch_first;
  const std::string targets = first ? "BTF" : "TBF", sources = first ? "BSF" : "SBF";
  std::vector<Port> inputs{{form.itself ? sources : targets, size, 0, 0, true}};
  if (!form.itself) {
    inputs.push_back({sources, form.other_sizes ? size + 1 : size});
    inputs.push_back({sources, form.other_sizes ? w.input : size});
  }
  if (form.added_mask) {
    inputs.push_back({"TS"});
  }
  return inputs;
}

std::vector<Port> outputs_of(const HeadsForm& form, Widths w) {
  const char steps = form.itself ? 'S' : 'T';
  const std::string first{'B', steps, 'F'}, second{steps, 'B', 'F'};
  std::vector<Port> outputs{{form.options.batch_first ? first : second, w.heads * w.hidden}};
  if (form.need_weights) {
    outputs.push_back(
        {form.average ? std::string{'B', steps, 'S'} : std::string{'B', 'H', steps, 'S'}, 0, w.heads, 0, true});
  }
  return outputs;
}

LayerRow heads_row(const HeadsForm& form) {
  LayerRow row{form.name, [=](Widths w) {
                 MultiheadAttentionOptions options = form.options;
                 if (form.other_sizes) {
                   options.kdim = w.heads * w.hidden + 1;
                   options.vdim = w.input;
                 }
                 return use_of<MultiheadAttention>(
                     [=] { return std::make_unique<MultiheadAttention>(w.heads * w.hidden, w.heads, options); },
                     inputs_of(form, w), outputs_of(form, w),
                     [form](MultiheadAttention& layer, const Variables& x, const LayerLengths& lengths) {
                       const Variable& key = form.itself ? x[0] : x[1];
                       const Mask mask = Mask::lengths(lengths.sources) |
                                         Mask::added(form.added_mask ? x[3] : Variable()) |
                                         (form.causal ? Mask::causal() : Mask());
                       const auto result =
                           layer.forward(x[0], key, form.itself ? x[0] : x[2], mask, {form.need_weights, form.average});
                       return form.need_weights ? Variables{result.output, result.weights} : Variables{result.output};
                     });
               }};
  row.hides = "S";
  return row;
}

/// query (B, H, T, D), key and value (B, H, S, D), by heads.
template <class Layer, class Make, class Forward>
LayerRow by_heads_row(std::string name, bool weights, Make make, const Forward& forward) {
  LayerRow row{std::move(name), [=](Widths w) {
                 std::vector<Port> outputs{{"BHTF", w.hidden, w.heads, 0, true}};
                 if (weights) {
                   outputs.push_back({"BHTS", 0, w.heads, 0, true});
                 }
                 return use_of<Layer>(
                     [=] { return make(w); },
                     {{"BHTF", w.hidden, w.heads, 0, true}, {"BHSF", w.hidden, w.heads}, {"BHSF", w.hidden, w.heads}},
                     outputs,
                     [=](Layer& layer, const Variables& x, const LayerLengths& lengths) {
                       const AttentionResult result = forward(layer, x, Mask::lengths(lengths.sources));
                       return weights ? Variables{result.output, result.weights} : Variables{result.output};
                     });
               }};
  row.hides = "S";
  return row;
}

/// Two queries behind the first two keys. Vectors are doubled where a term needs an even size.
template <class Make>
LayerRow term_row(const std::string& name, const Make& make) {
  return by_heads_row<ScoreTerm>(name, true, make,
                                 [twice = name == "Rotary"](ScoreTerm& term, const Variables& x, const Mask& mask) {
                                   const auto placed = [&](const Variable& y, int64_t first) {
                                     return term.place(twice ? cat({y, y}, -1) : y, first);
                                   };
                                   return term.attend(placed(x[0], 2), placed(x[1], 0), x[2], mask, 2, {});
                                 });
}

LayerRow function_row(std::string name, const Mask& mask) {
  return by_heads_row<NoLayer>(
      std::move(name), true, [](Widths) { return std::make_unique<NoLayer>(); },
      [mask](NoLayer&, const Variables& x, const Mask& padding) {
        return scaled_dot_product_attention(x[0], x[1], x[2], mask | padding);
      });
}

}  // namespace

std::vector<LayerRow> attention_layer_rows() {
  std::vector<LayerRow> rows = attention_rows_of_queries();
  for (const HeadsForm& form : {
           HeadsForm{.name = "MultiheadAttention"},
           HeadsForm{.name = "MultiheadAttention, weights of each head, no bias",
           .options = {.bias = false},
           .average = false},
           HeadsForm{.name = "MultiheadAttention, no weights, causal", .need_weights = false, .causal = true},
           HeadsForm{.name = "MultiheadAttention, other sizes", .other_sizes = true},
           HeadsForm{.name = "MultiheadAttention, a mask that is added", .added_mask = true},
           HeadsForm{
               .name = "MultiheadAttention, of itself, steps first", .options = {.batch_first = false}, .itself = true},
       }) {
    rows.push_back(heads_row(form));
  }
  rows.push_back(term_row("RelativeAttention", [](Widths w) -> std::unique_ptr<ScoreTerm> {
    return std::make_unique<RelativeAttention>(w.hidden, 3);
  }));
  rows.push_back(term_row("ALiBi", [](Widths) -> std::unique_ptr<ScoreTerm> { return std::make_unique<ALiBi>(); }));
  rows.push_back(
      term_row("HardALiBi", [](Widths) -> std::unique_ptr<ScoreTerm> { return std::make_unique<HardALiBi>(); }));
  rows.push_back(term_row(
      "Rotary", [](Widths w) -> std::unique_ptr<ScoreTerm> { return std::make_unique<Rotary>(2 * w.hidden); }));
  rows.push_back(function_row("scaled_dot_product_attention", {}));
  rows.push_back(function_row("scaled_dot_product_attention, causal", Mask::causal()));
  return rows;
}

}  // namespace heed::test
