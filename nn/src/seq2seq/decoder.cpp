// DecoderState's selections, and the loop that makes a whole-sequence forward of any decoder's step.
#include <heed/autograd/index.h>
#include <heed/autograd/view.h>
#include <heed/nn/seq2seq/decoder.h>
#include <heed/tensor/create.h>
#include <heed/tensor/error.h>

namespace heed {
namespace {

std::vector<Variable> select_rows(const std::vector<Variable>& variables, const Tensor& rows) {
  std::vector<Variable> selected;
  selected.reserve(variables.size());
  for (const Variable& variable : variables) {
    selected.push_back(variable.defined() ? index_select(variable, 0, rows) : Variable());
  }
  return selected;
}

}  // namespace

DecoderState DecoderState::select(const Tensor& rows) const {
  return {select_rows(changing, rows), select_rows(fixed, rows),
          mask.defined() ? index_select(mask, 0, rows) : Tensor()};
}

DecoderState DecoderState::select_changing(const Tensor& rows) const {
  return {select_rows(changing, rows), fixed, mask};
}

DecoderOutput Decoder::forward(const Tensor& target_in, const DecoderState& state) {
  check<ShapeError>(target_in.rank() == 2 && target_in.size(1) >= 1, "Decoder",
                    "target must be (B, T) with at least one step, got ", target_in.shape());
  std::vector<Variable> logits;
  std::vector<Variable> weights;
  DecoderState current = state;
  for (int64_t t = 0; t < target_in.size(1); ++t) {
    DecoderStep next = step(contiguous(heed::select(target_in, 1, t)), current);
    logits.push_back(std::move(next.logits));
    weights.push_back(std::move(next.weights));
    current = std::move(next.state);
  }
  const bool attends = weights.front().defined();
  return {stack(logits, 1), attends ? stack(weights, 1) : Variable()};
}

}  // namespace heed
