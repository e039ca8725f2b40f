// LocationAttention: content scores and a walk from where it looked last.
#include <heed/nn/attention/location_attention.h>

#include <algorithm>

#include <heed/autograd/elementwise.h>
#include <heed/autograd/index.h>
#include <heed/autograd/matmul.h>
#include <heed/autograd/softmax.h>
#include <heed/autograd/view.h>
#include <heed/tensor/create.h>
#include <heed/tensor/error.h>
#include <heed/tensor/scope.h>

#include "core/require_result.h"

namespace heed {
namespace {

constexpr const char* kName = "LocationAttention";
constexpr int64_t kGates = 4;
/// So that 0 / 0 is 0 where all is hidden.
constexpr double kNothing = 1e-30;

/// How many steps there are to choose from.
constexpr int64_t width(int64_t reach) { return 2 * reach + 1; }

/// Added to the biases of staying and of both jumps at first.
constexpr float kStay = 2, kJump = -4;

Tensor targets_of_steps(const std::vector<int64_t>& lengths, int64_t steps, int64_t reach) {
  Tensor targets = empty({static_cast<int64_t>(lengths.size()), width(reach) * steps}, DType::int64);
  auto* values = targets.mutable_data<int64_t>();
  for (const int64_t length : lengths) {
    for (int64_t distance = -reach; distance <= reach; ++distance) {
      for (int64_t from = 0; from < steps; ++from) {
        *values++ = std::max<int64_t>(0, std::min(from + distance, length - 1));
      }
    }
  }
  return targets;
}

Tensor marks_of(const std::vector<int64_t>& lengths, int64_t steps, DType dtype) {
  Tensor marks = zeros({static_cast<int64_t>(lengths.size()), 2, steps}, DType::float64);
  auto* values = marks.mutable_data<double>();
  for (const int64_t length : lengths) {
    if (length > 0) {
      values[0] = 1;
      values[steps + length - 1] = 1;
    }
    values += 2 * steps;
  }
  return to(marks, dtype);
}

/// Before the first step no step has been taken: that is what the last class says.
Tensor none_yet(int64_t batch, int64_t shifts, DType dtype) {
  const Tensor zero = zeros({batch, shifts}, dtype);
  return cat(std::vector<Tensor>{zero, full({batch, 1}, 1, dtype)}, 1);
}

void favour_walking(Linear& moves, int64_t shifts) {
  float* gates = moves.bias().mutable_value().mutable_data<float>() + shifts;
  gates[0] += kStay;
  gates[1] += kJump;
  gates[2] += kJump;
}

}  // namespace

LocationAttention::LocationAttention(int64_t query_size, int64_t memory_size, int64_t attention_size, int64_t reach)
    : query_size_(query_size),
      reach_(reach),
      content_(query_size, memory_size, attention_size),
      move_proj_(query_size + width(std::max<int64_t>(reach, 1)) + 1, width(std::max<int64_t>(reach, 1)) + kGates),
      start_(zeros({2}), true) {
  check(reach >= 1, kName, "reach must be at least 1, got ", reach);
  register_module("content", content_);
  register_module("move_proj", move_proj_);
  register_parameter("start", start_);
  favour_walking(move_proj_, width(reach));
}

LocationMemory LocationAttention::prepare(const Variable& memory, const Mask& mask) const {
  const NameScope scope(path());
  LocationMemory prepared;
  prepared.content = content_.prepare(memory, mask);
  const int64_t batch = memory.size(0), steps = memory.size(1);
  const Tensor ends = mask.sequence_lengths(batch, steps, kName);
  const auto lengths =
      ends.defined() ? ends.to_vector<int64_t>() : std::vector<int64_t>(static_cast<size_t>(batch), steps);
  prepared.targets = targets_of_steps(lengths, steps, reach_);
  prepared.marks = marks_of(lengths, steps, memory.dtype());
  return prepared;
}

LocationState LocationAttention::start(const LocationMemory& prepared) const {
  const int64_t batch = prepared.marks.size(0);
  const Variable ends = expand(reshape(softmax(start_, 0), {1, 1, 2}), {batch, 1, 2});
  return {squeeze(matmul(ends, prepared.marks), 1), none_yet(batch, width(reach_), prepared.marks.dtype())};
}

LocationOutput LocationAttention::forward(const Variable& query, const LocationMemory& prepared,
                                          const LocationState& previous) const {
  const NameScope scope(path());
  check(prepared.marks.defined(), kName, "needs what prepare() gives, got an empty memory");
  const int64_t batch = prepared.marks.size(0), steps = prepared.marks.size(2);
  check<ShapeError>(query.shape() == Shape{batch, query_size_}, kName, "query must be (", batch, ", ", query_size_,
                    "), got ", detail::given(query));
  const int64_t shifts = width(reach_);
  check<ShapeError>(
      previous.weights.shape() == Shape{batch, steps} && previous.shift.shape() == Shape{batch, shifts + 1}, kName,
      "the state must be (", batch, ", ", steps, ") and (", batch, ", ", shifts + 1, "), got ",
      previous.weights.shape(), " and ", previous.shift.shape());
  const Variable moves = move_proj_.forward(cat({query, previous.shift * static_cast<double>(shifts)}, 1));
  const Variable shift = softmax(narrow(moves, 1, 0, shifts), -1);
  const Variable gates = softmax(narrow(moves, 1, shifts, kGates), -1);
  // base is one product: gates (B, 1, 3) with rows (B, 3, S)
  const Variable rows = cat({unsqueeze(previous.weights, 1), prepared.marks}, 1);
  const Variable base = matmul(unsqueeze(narrow(gates, 1, 0, 3), 1), rows);
  const Variable stepped = reshape(unsqueeze(shift, 2) * base, {batch, shifts * steps});
  const Variable scores = content_.scores(unsqueeze(query, 1), prepared.content.keys);
  record_only("scores", scores);
  const Variable weighed = squeeze(masked_softmax(scores, Mask::padding(prepared.content.mask)), 1);
  const Variable content = narrow(gates, 1, 3, 1) * weighed;
  const Variable mixed = scatter_add(content, 1, prepared.targets.value(), stepped);
  // The sum is a product, whose order does not depend on the padding.
  const Variable squares = squeeze(matmul(unsqueeze(mixed, 1), unsqueeze(mixed, 2)), 2);
  record_only("shift", shift);
  record_only("gates", gates);
  record_only("content_weights", weighed);
  const Variable weights = record("weights", mixed * mixed / (squares + kNothing));
  const Variable came_by = cat({shift, Variable(zeros({batch, 1}, shift.dtype()))}, 1);
  return {record("output", squeeze(matmul(unsqueeze(weights, 1), prepared.content.memory), 1)), {weights, came_by}};
}

}  // namespace heed
