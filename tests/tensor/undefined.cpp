// Every operation on tensors refuses an undefined one by its own name.
#include <functional>
#include <set>

#include <heed/tensor/compare.h>
#include <heed/tensor/create.h>
#include <heed/tensor/detail/activation_backward.h>
#include <heed/tensor/detail/attention.h>
#include <heed/tensor/detail/attention_lstm.h>
#include <heed/tensor/detail/index.h>
#include <heed/tensor/detail/neighbours.h>
#include <heed/tensor/detail/norm.h>
#include <heed/tensor/detail/optimizer_update.h>
#include <heed/tensor/detail/repeat.h>
#include <heed/tensor/detail/rms_norm.h>
#include <heed/tensor/detail/rnn.h>
#include <heed/tensor/detail/selection.h>
#include <heed/tensor/detail/softmax.h>
#include <heed/tensor/detail/triangle.h>
#include <heed/tensor/einsum.h>
#include <heed/tensor/elementwise.h>
#include <heed/tensor/error.h>
#include <heed/tensor/index.h>
#include <heed/tensor/matmul.h>
#include <heed/tensor/multinomial.h>
#include <heed/tensor/norm.h>
#include <heed/tensor/npz.h>
#include <heed/tensor/reduce.h>
#include <heed/tensor/repeat.h>
#include <heed/tensor/rms_norm.h>
#include <heed/tensor/safetensors.h>
#include <heed/tensor/selection.h>
#include <heed/tensor/slice.h>
#include <heed/tensor/softmax.h>
#include <heed/tensor/sort.h>
#include <heed/tensor/triangle.h>
#include <heed/tensor/vector_norm.h>
#include <heed/tensor/view.h>

#include "support/binary_functions.h"
#include "support/declared.h"
#include "support/functions.h"
#include "support/message.h"
#include "support/reductions.h"

using namespace heed;

namespace {

/// A call of an operation in which `x` is undefined.
struct Call {
  std::string name;
  std::function<void(Tensor& x)> run;
  std::string says = "";  ///< the public name that its errors begin with, where it is not its own
};

const Tensor kPair = ones({2});
const Tensor kMatrix = ones({2, 2});
const Tensor kIndex = zeros({2}, DType::int64);
const Tensor kHidden = zeros({2}, DType::boolean);

std::vector<Call> elementwise_calls() {
  std::vector<Call> calls{
      {"logical_and", [](Tensor& x) { logical_and(kHidden, x); }},
      {"logical_or", [](Tensor& x) { logical_or(x, kHidden); }},
      {"logical_not", [](Tensor& x) { logical_not(x); }},
      {"where", [](Tensor& x) { where(kHidden, x, kPair); }},
      {"where", [](Tensor& x) { where(kHidden, kPair, x); }},
      {"where", [](Tensor& x) { where(x, kPair, kPair); }},
      {"where", [](Tensor& x) { where(x, kPair, 0); }},
      {"where", [](Tensor& x) { where(kHidden, x, 0); }},
      {"where", [](Tensor& x) { where(kHidden, 0, x); }},
      {"where", [](Tensor& x) { where(x, 0, kPair); }},
      {"masked_fill", [](Tensor& x) { masked_fill(x, kHidden, 0); }},
      {"masked_fill", [](Tensor& x) { masked_fill(kPair, x, 0); }},
      {"isfinite", [](Tensor& x) { isfinite(x); }},
      {"all_finite", [](Tensor& x) { all_finite(x); }},
      {"add_", [](Tensor& x) { add_(x, kPair); }},
      {"add_", [](Tensor& x) { add_(x, x); }},
      {"mul_", [](Tensor& x) { mul_(x, 2); }},
      {"relu_backward", [](Tensor& x) { relu_backward(x, x); }},
      {"sigmoid_backward", [](Tensor& x) { sigmoid_backward(x, kPair); }},
      {"tanh_backward", [](Tensor& x) { tanh_backward(kPair, x); }},
  };
  for (const auto& row : test::functions<Tensor>()) {
    calls.push_back({row.op(), [&row](Tensor& x) { row.heed(x); }});
  }
  for (const auto& rows : {test::binary_functions<Tensor>(), test::comparisons()}) {
    for (const auto& row : rows) {
      calls.push_back({row.name, [heed = row.heed](Tensor& x) { heed(x, kPair); }});
      calls.push_back({row.name, [heed = row.heed](Tensor& x) { heed(kPair, x); }});
      calls.push_back({row.name, [heed = row.heed](Tensor& x) { heed(x, x); }});
    }
  }
  return calls;
}

std::vector<Call> reduce_calls() {
  std::vector<Call> calls{
      {"argmax", [](Tensor& x) { argmax(x); }},
      {"argmax", [](Tensor& x) { argmax(x, 0); }},
      {"argmin", [](Tensor& x) { argmin(x); }},
      {"argmin", [](Tensor& x) { argmin(x, 0); }},
      {"cumsum", [](Tensor& x) { cumsum(x, 0); }},
      {"any", [](Tensor& x) { any(x, {}); }},
      {"all", [](Tensor& x) { all(x, {}); }},
      {"sum_to", [](Tensor& x) { sum_to(x, {}); }},
      {"sum_to", [](Tensor& x) { sum_to(x, {1}); }},
      {"softmax", [](Tensor& x) { softmax(x, 0); }},
      {"log_softmax", [](Tensor& x) { log_softmax(x, 0); }},
      {"masked_softmax", [](Tensor& x) { masked_softmax(x, kHidden); }},
      {"masked_softmax", [](Tensor& x) { masked_softmax(kPair, x); }},
      {"softmax_backward", [](Tensor& x) { softmax_backward(x, kPair, 0); }},
      {"log_softmax_backward", [](Tensor& x) { log_softmax_backward(kPair, x, 0); }},
      {"cross_entropy_rows", [](Tensor& x) { cross_entropy_rows(x, kIndex, -100, 0); }, "cross_entropy"},
      {"cross_entropy_rows", [](Tensor& x) { cross_entropy_rows(kMatrix, x, -100, 0); }, "cross_entropy"},
      {"cross_entropy_rows_backward", [](Tensor& x) { cross_entropy_rows_backward(x, kMatrix, kIndex, -100, 0); },
       "cross_entropy"},
      {"cross_entropy_rows_backward", [](Tensor& x) { cross_entropy_rows_backward(kPair, x, kIndex, -100, 0); },
       "cross_entropy"},
      {"require_targets", [](Tensor& x) { require_targets(x, kIndex, -100, 0, "nll_loss"); }, "nll_loss"},
      {"layer_norm", [](Tensor& x) { layer_norm(x, 1, {}, {}, 1e-5); }},
      {"layer_norm_backward", [](Tensor& x) { layer_norm_backward(x, kMatrix, 1, kPair, kPair, {}); }},
      {"layer_norm_backward", [](Tensor& x) { layer_norm_backward(kMatrix, x, 1, kPair, kPair, {}); }},
      {"layer_norm_backward", [](Tensor& x) { layer_norm_backward(kMatrix, kMatrix, 1, x, kPair, {}); }},
  };
  for (const auto& row : test::reductions<Tensor>()) {
    calls.push_back({row.op(), [some = row.some](Tensor& x) { some(x, {0}, false); }});
    if (row.all != nullptr) {
      calls.push_back({row.op(), [all = row.all](Tensor& x) { all(x); }});
    }
  }
  return calls;
}

std::vector<Call> view_calls() {
  return {
      {"transpose", [](Tensor& x) { transpose(x, 0, 1); }},
      {"permute", [](Tensor& x) { permute(x, {}); }},
      {"slice", [](Tensor& x) { slice(x, 0, 0, 1); }},
      {"narrow", [](Tensor& x) { narrow(x, 0, 0, 1); }},
      {"select", [](Tensor& x) { select(x, 0, 0); }},
      {"expand", [](Tensor& x) { expand(x, {2}); }},
      {"squeeze", [](Tensor& x) { squeeze(x); }},
      {"squeeze", [](Tensor& x) { squeeze(x, 0); }},
      {"unsqueeze", [](Tensor& x) { unsqueeze(x, 0); }},
      {"reshape", [](Tensor& x) { reshape(x, {0}); }},
      {"reshape", [](Tensor& x) { reshape(x, {-1}); }},
      {"flatten", [](Tensor& x) { flatten(x); }},
      {"can_view", [](Tensor& x) { can_view(x, {0}); }},
      {"cat",
       [](Tensor& x) {
         cat({kPair, x});
       }},
      {"cat", [](Tensor& x) { cat({x}); }},
      {"stack",
       [](Tensor& x) {
         stack({x, x});
       }},
      {"split", [](Tensor& x) { split(x, 1); }},
      {"split", [](Tensor& x) { split(x, std::vector<int64_t>{1}); }},
      {"flip", [](Tensor& x) { flip(x, {}); }},
      {"gather", [](Tensor& x) { gather(x, 0, kIndex); }},
      {"gather", [](Tensor& x) { gather(kPair, 0, x); }},
      {"scatter_add", [](Tensor& x) { scatter_add(x, 0, kIndex, kPair); }},
      {"scatter_add", [](Tensor& x) { scatter_add(kPair, 0, x, kPair); }},
      {"scatter_add", [](Tensor& x) { scatter_add(kPair, 0, kIndex, x); }},
      {"index_select", [](Tensor& x) { index_select(x, 0, kIndex); }},
      {"index_select", [](Tensor& x) { index_select(kPair, 0, x); }},
      {"index_add", [](Tensor& x) { index_add(x, 0, kIndex, kPair); }},
      {"index_add", [](Tensor& x) { index_add(kPair, 0, x, kPair); }},
      {"index_add", [](Tensor& x) { index_add(kPair, 0, kIndex, x); }},
      {"embedding", [](Tensor& x) { embedding(x, kIndex); }},
      {"embedding", [](Tensor& x) { embedding(kMatrix, x); }},
      {"padding_mask", [](Tensor& x) { padding_mask(x, 2); }},
      {"empty_like", [](Tensor& x) { empty_like(x); }},
      {"zeros_like", [](Tensor& x) { zeros_like(x); }},
      {"ones_like", [](Tensor& x) { ones_like(x); }},
      {"full_like", [](Tensor& x) { full_like(x, 2); }},
      {"contiguous", [](Tensor& x) { contiguous(x); }},
      {"clone", [](Tensor& x) { clone(x); }},
      {"to", [](Tensor& x) { to(x, DType::float32); }},
      {"to", [](Tensor& x) { to(x, DType::int64); }},
      {"save_npy", [](Tensor& x) { save_npy("/dev/null", x); }},
      {"save_safetensors",
       [](Tensor& x) {
         save_safetensors("/dev/null", {{"x", x}});
       }},
      {"fill_", [](Tensor& x) { fill_(x, 2); }},
      {"copy_", [](Tensor& x) { copy_(x, kPair); }},
      {"copy_", [](Tensor& x) { copy_(x, x); }},
      {"join_neighbours",
       [](Tensor& x) {
         join_neighbours({x, x}, 0);
       }},
      {"empty_in_order_of", [](Tensor& x) { empty_in_order_of(x, {2}); }},
      {"empty_like_neighbours",
       [](Tensor& x) {
         empty_like_neighbours({x, x});
       }},
  };
}

const Tensor kSteps = ones({1, 1, 4});
const Tensor kState = ones({1, 1});
const Tensor kQueries = ones({1, 2, 2});

std::vector<Call> choice_calls() {
  return {
      {"slice", [](Tensor& x) { slice(x, {0}); }},
      {"slice", [](Tensor& x) { slice(x, {}); }},
      {"sort", [](Tensor& x) { sort(x); }},
      {"argsort", [](Tensor& x) { argsort(x); }},
      {"topk", [](Tensor& x) { topk(x, 1); }},
      {"max_with_indices", [](Tensor& x) { max_with_indices(x, 0); }},
      {"min_with_indices", [](Tensor& x) { min_with_indices(x, 0); }},
      {"nonzero", [](Tensor& x) { nonzero(x); }},
      {"masked_select", [](Tensor& x) { masked_select(x, kHidden); }},
      {"masked_select", [](Tensor& x) { masked_select(kPair, x); }},
      {"one_hot", [](Tensor& x) { one_hot(x, 3); }},
      {"multinomial", [](Tensor& x) { multinomial(x, 1); }},
      {"tril", [](Tensor& x) { tril(x); }},
      {"triu", [](Tensor& x) { triu(x); }},
      {"above_diagonal", [](Tensor& x) { above_diagonal(x, 0, "tril"); }, "tril"},
      {"below_diagonal", [](Tensor& x) { below_diagonal(x, 0, "triu"); }, "triu"},
      {"require_indices", [](Tensor& x) { detail::require_indices(x, 2, "embedding"); }, "embedding"},
      {"masked_places", [](Tensor& x) { masked_places(x, {2}); }, "masked_select"},
      {"repeat", [](Tensor& x) { repeat(x, {2}); }},
      {"require_repeats", [](Tensor& x) { detail::require_repeats(x, {2}); }, "repeat"},
      {"isclose", [](Tensor& x) { isclose(x, kPair); }},
      {"allclose", [](Tensor& x) { allclose(kPair, x); }},
      {"equal", [](Tensor& x) { equal(x, kPair); }},
      {"equal", [](Tensor& x) { equal(kPair, x); }},
      {"norm", [](Tensor& x) { norm(x); }},
      {"norm", [](Tensor& x) { norm(x, 2, 0); }},
      {"cosine_similarity", [](Tensor& x) { cosine_similarity(x, kPair, 0); }},
      {"cosine_similarity", [](Tensor& x) { cosine_similarity(kPair, x, 0); }},
      {"rms_norm", [](Tensor& x) { rms_norm(x, 1); }},
      {"rms_norm_rows", [](Tensor& x) { rms_norm_rows(x, 1, {}, {}); }, "rms_norm"},
      {"rms_norm_backward", [](Tensor& x) { rms_norm_backward(x, kMatrix, 1, kPair, {}); }},
      {"rms_norm_backward", [](Tensor& x) { rms_norm_backward(kMatrix, x, 1, kPair, {}); }},
      {"rms_norm_backward", [](Tensor& x) { rms_norm_backward(kMatrix, kMatrix, 1, x, {}); }},
      {"einsum",
       [](Tensor& x) {
         einsum("i,i->", {kPair, x});
       }},
  };
}

std::vector<Call> product_calls() {
  return {
      {"matmul", [](Tensor& x) { matmul(x, kMatrix); }},
      {"matmul", [](Tensor& x) { matmul(kMatrix, x); }},
      {"matmul_into", [](Tensor& x) { matmul_into(x, kMatrix, kMatrix); }},
      {"linear", [](Tensor& x) { linear(x, kMatrix); }},
      {"linear", [](Tensor& x) { linear(kMatrix, x); }},
      {"rnn_sequence", [](Tensor& x) { rnn_sequence(x, kState, {}, Nonlinearity::tanh); }, "rnn"},
      {"rnn_sequence",
       [](Tensor& x) {
         rnn_sequence(ones({1, 1, 1}), x, {}, Nonlinearity::tanh);
       },
       "rnn"},
      {"rnn_sequence_backward",
       [](Tensor& x) {
         rnn_sequence_backward(x, x, {x, x}, x, x, Nonlinearity::tanh);
       },
       "rnn"},
      {"lstm_sequence",
       [](Tensor& x) {
         lstm_sequence(x, ones({4, 1}), {}, {});
       },
       "lstm"},
      {"lstm_sequence", [](Tensor& x) { lstm_sequence(clone(kSteps), x, {}, {}); }, "lstm"},
      {"lstm_sequence_backward",
       [](Tensor& x) {
         lstm_sequence_backward(x, x, x, {x, x, x, x, x, x}, x, x, x);
       },
       "lstm"},
      {"gru_sequence",
       [](Tensor& x) {
         gru_sequence(x, ones({3, 1}), {}, {});
       },
       "gru"},
      {"gru_sequence",
       [](Tensor& x) {
         gru_sequence(ones({1, 1, 3}), x, {}, {});
       },
       "gru"},
      {"gru_sequence_backward",
       [](Tensor& x) {
         gru_sequence_backward(x, x, {x, x, x, x}, x, x);
       },
       "gru"},
      {"tiled_attention", [](Tensor& x) { tiled_attention(x, kQueries, kQueries, {}); },
       "scaled_dot_product_attention"},
      {"tiled_attention", [](Tensor& x) { tiled_attention(kQueries, x, kQueries, {}); },
       "scaled_dot_product_attention"},
      {"tiled_attention", [](Tensor& x) { tiled_attention(kQueries, kQueries, x, {}); },
       "scaled_dot_product_attention"},
      {"tiled_attention_backward",
       [](Tensor& x) {
         tiled_attention_backward(x, tiled_attention(kQueries, kQueries, kQueries, {}), kQueries, kQueries, kQueries,
                                  {}, {});
       },
       "scaled_dot_product_attention"},
      {"attention_lstm_sequence", [](Tensor&) { attention_lstm_sequence({}); }, "attention_lstm"},
      {"attention_lstm_sequence_backward", [](Tensor&) { attention_lstm_sequence_backward({}, {}, {}); },
       "attention_lstm"},
      {"sgd_update",
       [](Tensor&) {
         const std::vector<SGDItem> items(1);
         sgd_update(items);
       }},
      {"adam_update",
       [](Tensor&) {
         const std::vector<AdamItem> items(1);
         adam_update(items);
       }},
      {"global_norm", [](Tensor& x) { global_norm(std::vector<Tensor>{x}); }},
  };
}

std::vector<Call> all_calls() {
  std::vector<Call> calls;
  for (const auto& family : {elementwise_calls(), reduce_calls(), view_calls(), choice_calls(), product_calls()}) {
    calls.insert(calls.end(), family.begin(), family.end());
  }
  return calls;
}

}  // namespace

TEST_CASE("every op on tensors refuses an undefined one by its name") {
  for (const Call& call : all_calls()) {
    Tensor undefined;
    const std::string message = message_of<Error>([&] { call.run(undefined); });
    CAPTURE(call.name, message);
    CHECK(message.starts_with((call.says.empty() ? call.name : call.says) + ": "));
  }
}

TEST_CASE("every public op that takes tensors is among those that must refuse undefined ones") {
  std::set<std::string> tested;
  for (const Call& call : all_calls()) {
    tested.insert(call.name);
  }
  const std::set<std::string> declared = test::declared_functions(
      HEED_TENSOR_HEADERS,
      R"(Tensor|void|bool|double|std::vector<Tensor>|\w+Result(?:<\w+>)?|\w+Gradients|\w+Sequence|TiledAttention)",
      R"(Tensor|Item>|Inputs|Gradients)");
  // Where a tensor lies in memory can be asked of an undefined one too: nowhere. from_dlpack takes none of ours.
  test::check_all_tested(declared, tested,
                         {"from_dlpack", "overlaps_itself", "require_writable", "same_view", "shares_memory"});
}
