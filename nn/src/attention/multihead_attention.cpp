// MultiheadAttention: projections, and the attention between them.
#include <heed/nn/attention/multihead_attention.h>

#include <heed/autograd/attention.h>
#include <heed/autograd/index.h>
#include <heed/autograd/matmul.h>
#include <heed/autograd/reduce.h>
#include <heed/autograd/view.h>
#include <heed/nn/core/dropout.h>
#include <heed/nn/core/init.h>
#include <heed/tensor/create.h>
#include <heed/tensor/error.h>
#include <heed/tensor/scope.h>

namespace heed {
namespace {

constexpr const char* kName = "MultiheadAttention";

Variable projection(int64_t outputs, int64_t inputs) {
  Variable weight(empty({outputs, inputs}), true);
  xavier_uniform_(weight);
  return weight;
}

}  // namespace

MultiheadAttention::MultiheadAttention(int64_t embed_dim, int64_t num_heads, const MultiheadAttentionOptions& options)
    : embed_dim_(embed_dim), num_heads_(num_heads), options_(options), out_proj_(embed_dim, embed_dim, {options.bias}) {
  check(embed_dim >= 1 && num_heads >= 1 && embed_dim % num_heads == 0, kName,
        "embed_dim must be a positive multiple of num_heads, got ", embed_dim, " and ", num_heads);
  check(options.dropout >= 0 && options.dropout <= 1, kName, "dropout must be from 0 to 1, got ", options.dropout);
  make_parameters();
  register_parameter("in_proj_weight", in_proj_weight_);
  register_parameter("q_proj_weight", q_proj_weight_);
  register_parameter("k_proj_weight", k_proj_weight_);
  register_parameter("v_proj_weight", v_proj_weight_);
  register_parameter("in_proj_bias", in_proj_bias_);
  register_module("out_proj", out_proj_);
}

void MultiheadAttention::make_parameters() {
  const int64_t kdim = options_.kdim.value_or(embed_dim_), vdim = options_.vdim.value_or(embed_dim_);
  check(kdim >= 1 && vdim >= 1, kName, "kdim and vdim must be 1 or more, got ", kdim, " and ", vdim);
  if (kdim == embed_dim_ && vdim == embed_dim_) {
    in_proj_weight_ = projection(3 * embed_dim_, embed_dim_);
  } else {
    q_proj_weight_ = projection(embed_dim_, embed_dim_);
    k_proj_weight_ = projection(embed_dim_, kdim);
    v_proj_weight_ = projection(embed_dim_, vdim);
  }
  if (options_.bias) {
    in_proj_bias_ = Variable(zeros({3 * embed_dim_}), true);
    constant_(out_proj_.bias(), 0);
  }
}

MultiheadAttentionOutput MultiheadAttention::forward(const Variable& query, const Variable& key, const Variable& value,
                                                     const Mask& mask, const MultiheadAttentionArguments& options) {
  const NameScope scope(path());
  const Inputs inputs = visible(checked(query, key, value), mask);
  const AttentionResult result = attended(projected(inputs), mask, options.need_weights);

  const Shape joined{inputs.query.size(0), inputs.query.size(1), embed_dim_};
  const Variable output = out_proj_.forward(reshape(transpose(result.output, 1, 2), joined));
  MultiheadAttentionOutput out{options_.batch_first ? output : transpose(output, 0, 1), {}};
  if (options.need_weights) {
    out.weights = options.average_attn_weights ? mean(result.weights, {1}) : result.weights;
  }
  return out;
}

AttentionResult MultiheadAttention::attended(const Inputs& projections, const Mask& mask, bool need_weights) const {
  return scaled_dot_product_attention(heads(projections.query), heads(projections.key), heads(projections.value), mask,
                                      {.need_weights = need_weights, .dropout = training() ? options_.dropout : 0});
}

/// Keys and values that are hidden from all queries without what is not finite, which projections would spread.
MultiheadAttention::Inputs MultiheadAttention::visible(const Inputs& inputs, const Mask& mask) const {
  const Shape scores{inputs.query.size(0), num_heads_, inputs.query.size(1), inputs.key.size(1)};
  const Variable key = hide_nonfinite_keys(inputs.key, mask, scores);
  const Variable value = inputs.value.same_as(inputs.key) ? key : hide_nonfinite_keys(inputs.value, mask, scores);
  return {inputs.query.same_as(inputs.key) ? key : inputs.query, key, value};
}

MultiheadAttention::Inputs MultiheadAttention::checked(const Variable& query, const Variable& key,
                                                       const Variable& value) const {
  const int64_t kdim = options_.kdim.value_or(embed_dim_), vdim = options_.vdim.value_or(embed_dim_);
  const auto check_input = [this](const char* name, const Variable& x, int64_t features) {
    check<ShapeError>(x.rank() == 3 && x.size(2) == features, kName, name, " must be ",
                      options_.batch_first ? "(B, steps, " : "(steps, B, ", features, "), got ", x.shape());
  };
  check_input("query", query, embed_dim_);
  check_input("key", key, kdim);
  check_input("value", value, vdim);
  const int64_t batch = options_.batch_first ? 0 : 1;
  check<ShapeError>(
      query.size(batch) == key.size(batch) && key.size(0) == value.size(0) && key.size(1) == value.size(1), kName,
      "query, key and value must have one batch size, key and value as many steps, got ", query.shape(), ", ",
      key.shape(), " and ", value.shape());
  if (options_.batch_first) {
    return {query, key, value};
  }
  const Variable turned_key = transpose(key, 0, 1);
  return {query.same_as(key) ? turned_key : transpose(query, 0, 1), turned_key,
          value.same_as(key) ? turned_key : transpose(value, 0, 1)};
}

MultiheadAttention::Inputs MultiheadAttention::projected(const Inputs& inputs) const {
  if (in_proj_weight_.defined() && inputs.query.same_as(inputs.key) && inputs.key.same_as(inputs.value)) {
    const auto parts = split(linear(inputs.query, in_proj_weight_, in_proj_bias_), embed_dim_, -1);
    return {parts[0], parts[1], parts[2]};
  }
  if (in_proj_weight_.defined() && inputs.key.same_as(inputs.value)) {
    const std::vector<int64_t> sizes{embed_dim_, 2 * embed_dim_};
    const auto weights = split(in_proj_weight_, sizes, 0);
    const auto biases = in_proj_bias_.defined() ? split(in_proj_bias_, sizes, 0) : std::vector<Variable>(2);
    const auto parts = split(linear(inputs.key, weights[1], biases[1]), embed_dim_, -1);
    return {linear(inputs.query, weights[0], biases[0]), parts[0], parts[1]};
  }
  const auto weights = in_proj_weight_.defined()
                           ? split(in_proj_weight_, embed_dim_, 0)
                           : std::vector<Variable>{q_proj_weight_, k_proj_weight_, v_proj_weight_};
  const auto biases = in_proj_bias_.defined() ? split(in_proj_bias_, embed_dim_, 0) : std::vector<Variable>(3);
  return {linear(inputs.query, weights[0], biases[0]), linear(inputs.key, weights[1], biases[1]),
          linear(inputs.value, weights[2], biases[2])};
}

Variable MultiheadAttention::heads(const Variable& x) const {
  return transpose(reshape(x, {x.size(0), x.size(1), num_heads_, embed_dim_ / num_heads_}), 1, 2);
}

}  // namespace heed
