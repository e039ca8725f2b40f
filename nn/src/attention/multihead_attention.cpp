// MultiheadAttention: projections, and the attention between them.
#include <heed/nn/attention/multihead_attention.h>

#include <heed/autograd/attention.h>
#include <heed/autograd/grad_mode.h>
#include <heed/autograd/index.h>
#include <heed/autograd/matmul.h>
#include <heed/autograd/reduce.h>
#include <heed/autograd/view.h>
#include <heed/nn/core/dropout.h>
#include <heed/nn/core/init.h>
#include <heed/tensor/create.h>
#include <heed/tensor/detail/operation_scope.h>
#include <heed/tensor/error.h>
#include <heed/tensor/scope.h>

#include "attention/xavier_weight.h"
#include "core/hooks.h"
#include "core/require_result.h"

namespace heed {
namespace {

constexpr const char* kName = "MultiheadAttention";

/// Keys and values (B, heads, P, D) of the steps before.
void check_past(const KeysAndValues& past, int64_t batch, int64_t heads, int64_t head_size) {
  const Shape wanted{batch, heads, past.keys.rank() == 4 ? past.keys.size(2) : 0, head_size};
  detail::require_result(past.keys, wanted, kName, "past.keys, a cache of this attention,");
  detail::require_result(past.values, wanted, kName, "past.values, a cache of this attention,");
}

}  // namespace

MultiheadAttention::MultiheadAttention(int64_t embed_dim, int64_t num_heads, const MultiheadAttentionOptions& options)
    : embed_dim_(embed_dim), num_heads_(num_heads), options_(options), out_proj_(embed_dim, embed_dim, {options.bias}) {
  check(embed_dim >= 1 && num_heads >= 1 && embed_dim % num_heads == 0, kName,
        "embed_dim must be a positive multiple of num_heads, got ", embed_dim, " and ", num_heads);
  check(options.dropout >= 0 && options.dropout <= 1, kName, "dropout must be from 0 to 1, got ", options.dropout);
  const detail::OperationScope operation(kName);
  make_parameters();
  register_parameter("in_proj_weight", in_proj_weight_);
  register_parameter("q_proj_weight", q_proj_weight_);
  register_parameter("k_proj_weight", k_proj_weight_);
  register_parameter("v_proj_weight", v_proj_weight_);
  register_parameter("in_proj_bias", in_proj_bias_);
  register_module("out_proj", out_proj_);
  if (options.score_term) {
    score_term_ = options.score_term(num_heads, embed_dim / num_heads);
    check(score_term_ != nullptr, kName, "score_term made a null pointer");
    register_module("score_term", *score_term_);
  } else {
    score_term_ = std::make_unique<ScoreTerm>();
  }
}

void MultiheadAttention::make_parameters() {
  const int64_t kdim = options_.kdim.value_or(embed_dim_), vdim = options_.vdim.value_or(embed_dim_);
  check(kdim >= 1 && vdim >= 1, kName, "kdim and vdim must be 1 or more, got ", kdim, " and ", vdim);
  if (kdim == embed_dim_ && vdim == embed_dim_) {
    in_proj_weight_ = detail::xavier_weight(3 * embed_dim_, embed_dim_);
  } else {
    q_proj_weight_ = detail::xavier_weight(embed_dim_, embed_dim_);
    k_proj_weight_ = detail::xavier_weight(embed_dim_, kdim);
    v_proj_weight_ = detail::xavier_weight(embed_dim_, vdim);
  }
  if (options_.bias) {
    in_proj_bias_ = Variable(zeros({3 * embed_dim_}), true);
    constant_(out_proj_.bias(), 0);
  }
}

MultiheadAttentionOutput MultiheadAttention::forward(const Variable& query, const Variable& key, const Variable& value,
                                                     const Mask& mask,
                                                     const MultiheadAttentionArguments& options) const {
  const NameScope scope(path());
  const Inputs given = checked(query, key, value);
  if (options.past.keys.defined()) {
    check_past(options.past, given.query.size(0), num_heads_, embed_dim_ / num_heads_);
  }
  const int64_t before = options.past.steps();
  const Inputs inputs = projected(visible(given, mask, before));
  KeysAndValues all{placed(inputs.key, before), heads(inputs.value)};
  if (before > 0) {
    all = {cat({options.past.keys, all.keys}, 2), cat({options.past.values, all.values}, 2)};
  }
  return attended(placed(inputs.query, before), std::move(all), before, mask, options);
}

MultiheadAttentionOutput MultiheadAttention::forward(const Variable& query, const KeysAndValues& memory,
                                                     const Mask& mask,
                                                     const MultiheadAttentionArguments& options) const {
  const NameScope scope(path());
  check_input("query", query, embed_dim_);
  check<ShapeError>(memory.keys.defined() && memory.keys.size(0) == query.size(options_.batch_first ? 0 : 1), kName,
                    "the memory must be what prepare() gives for as many sequences as the query's, got ",
                    memory.keys.defined() ? memory.keys.shape() : Shape(), " for ", query.shape());
  const Projection projection = projections(true)[0];
  const Variable projected = linear(batch_major(query), projection.weight, projection.bias);
  return attended(placed(projected, 0), memory, 0, mask, options);
}

KeysAndValues MultiheadAttention::prepare(const Variable& key, const Variable& value, const Mask& mask) const {
  const NameScope scope(path());
  check_input("key", key, options_.kdim.value_or(embed_dim_));
  check_input("value", value, options_.vdim.value_or(embed_dim_));
  const Variable keys = hide_nonfinite(batch_major(key), mask);
  const Inputs inputs = projected({{}, keys, value.same_as(key) ? keys : hide_nonfinite(batch_major(value), mask)});
  return {placed(inputs.key, 0), heads(inputs.value)};
}

void MultiheadAttention::check_input(const char* name, const Variable& x, int64_t features) const {
  check<ShapeError>(x.rank() == 3 && x.size(2) == features, kName, name, " must be ",
                    options_.batch_first ? "(B, steps, " : "(steps, B, ", features, "), got ", detail::given(x));
  detail::require_dtype_of(out_proj_.weight(), x, kName, name);
}

Variable MultiheadAttention::batch_major(const Variable& x) const {
  return options_.batch_first ? x : transpose(x, 0, 1);
}

MultiheadAttention::Inputs MultiheadAttention::checked(const Variable& query, const Variable& key,
                                                       const Variable& value) const {
  check_input("query", query, embed_dim_);
  check_input("key", key, options_.kdim.value_or(embed_dim_));
  check_input("value", value, options_.vdim.value_or(embed_dim_));
  const int64_t batch = options_.batch_first ? 0 : 1;
  check<ShapeError>(
      query.size(batch) == key.size(batch) && key.size(0) == value.size(0) && key.size(1) == value.size(1), kName,
      "query, key and value must have one batch size, key and value as many steps, got ", query.shape(), ", ",
      key.shape(), " and ", value.shape());
  const Variable keys = batch_major(key);
  return {query.same_as(key) ? keys : batch_major(query), keys, value.same_as(key) ? keys : batch_major(value)};
}

/// Keys and values with zeros for what is not finite and hidden from all queries: projections would spread it.
MultiheadAttention::Inputs MultiheadAttention::visible(const Inputs& inputs, const Mask& mask, int64_t before) const {
  const Shape scores{inputs.query.size(0), num_heads_, inputs.query.size(1), before + inputs.key.size(1)};
  const Mask behind = mask.after(before);
  const Variable key = hide_nonfinite_keys(inputs.key, behind, scores);
  const Variable value = inputs.value.same_as(inputs.key) ? key : hide_nonfinite_keys(inputs.value, behind, scores);
  return {inputs.query.same_as(inputs.key) ? key : inputs.query, key, value};
}

/// Those of queries, keys and values; with `joint`, keys' and values' in one, where there is one.
std::vector<MultiheadAttention::Projection> MultiheadAttention::projections(bool joint) const {
  std::vector<Variable> weights{q_proj_weight_, k_proj_weight_, v_proj_weight_};
  const std::vector<int64_t> sizes = joint && in_proj_weight_.defined()
                                         ? std::vector<int64_t>{embed_dim_, 2 * embed_dim_}
                                         : std::vector<int64_t>(3, embed_dim_);
  if (in_proj_weight_.defined()) {
    weights = split(in_proj_weight_, sizes, 0);
  }
  const auto biases = in_proj_bias_.defined() ? split(in_proj_bias_, sizes, 0) : std::vector<Variable>(3);
  std::vector<Projection> all;
  for (size_t i = 0; i < weights.size(); ++i) {
    all.push_back({weights[i], biases[i]});
  }
  return all;
}

/// Each (B, ·, E). One Variable is projected once; an undefined query is left out.
MultiheadAttention::Inputs MultiheadAttention::projected(const Inputs& inputs) const {
  const auto [query, key, value] = inputs;
  const auto project = [](const Variable& x, const Projection& p) { return linear(x, p.weight, p.bias); };
  const bool joint = in_proj_weight_.defined() && key.same_as(value);
  if (joint && query.same_as(key)) {
    const auto parts = split(project(query, {in_proj_weight_, in_proj_bias_}), embed_dim_, -1);
    return {parts[0], parts[1], parts[2]};
  }
  const auto parts = projections(joint);
  const Variable queries = query.defined() ? project(query, parts[0]) : Variable();
  if (joint) {
    const auto both = split(project(key, parts[1]), embed_dim_, -1);
    return {queries, both[0], both[1]};
  }
  return {queries, project(key, parts[1]), project(value, parts[2])};
}

Variable MultiheadAttention::heads(const Variable& x) const {
  return transpose(reshape(x, {x.size(0), x.size(1), num_heads_, embed_dim_ / num_heads_}), 1, 2);
}

Variable MultiheadAttention::placed(const Variable& x, int64_t first) const {
  const Variable parts = heads(x);
  const Variable result = score_term_->place(parts, first);
  detail::require_result(result, parts.shape(), kName, "what place() of the score term gives");
  return result;
}

/// query (B, heads, T, D), the first at position `first` of the keys.
MultiheadAttentionOutput MultiheadAttention::attended(const Variable& query, KeysAndValues all, int64_t first,
                                                      const Mask& mask,
                                                      const MultiheadAttentionArguments& options) const {
  const Mask behind = mask.after(first);
  const bool need_weights = options.need_weights || detail::is_hooked(path(), {"weights"});
  const auto attend = [&](bool with_weights) {
    return score_term_->attend(query, all.keys, all.values, behind, first,
                               {.need_weights = with_weights, .dropout = training() ? options_.dropout : 0});
  };
  if (!need_weights && is_recorded("weights")) {
    // Beside the tiled way, which keeps its bits and draws the same dropout.
    const NoGrad no_grad;
    const GeneratorState before = default_generator().state();
    record_only("weights", attend(true).weights);
    default_generator().set_state(before);
  }
  const AttentionResult result = attend(need_weights);
  detail::require_result(result.output, query.shape(), kName, "the output that attend() of the score term gives");
  if (need_weights) {
    detail::require_result(result.weights, {query.size(0), num_heads_, query.size(2), all.keys.size(2)}, kName,
                           "the weights that attend() of the score term gives");
  }
  const Shape joined{query.size(0), query.size(2), embed_dim_};
  const Variable output = out_proj_.forward(reshape(transpose(result.output, 1, 2), joined));
  MultiheadAttentionOutput out{record("output", batch_major(output)), {}, std::move(all)};
  if (need_weights) {
    record_only("weights", result.weights);
  }
  if (options.need_weights) {
    out.weights = options.average_attn_weights ? mean(result.weights, {1}) : result.weights;
  }
  return out;
}

}  // namespace heed
