// Padding: see pad_sequence.h.
#include <heed/nn/data/pad_sequence.h>

#include <algorithm>

#include <heed/tensor/create.h>
#include <heed/tensor/error.h>
#include <heed/tensor/view.h>

namespace heed {
namespace {

/// Throws unless all sequences differ in their first size only. Returns the longest of those.
int64_t check_sequences(const std::vector<Tensor>& sequences) {
  check(!sequences.empty(), "pad_sequence", "needs at least one sequence, got none");
  int64_t longest = 0;
  Shape rest;
  for (size_t i = 0; i < sequences.size(); ++i) {
    const Tensor& sequence = sequences[i];
    check(sequence.defined(), "pad_sequence", "needs defined sequences, number ", i, " is undefined");
    check<ShapeError>(sequence.rank() >= 1, "pad_sequence", "sequences must have at least one axis, number ", i,
                      " has none");
    check<DTypeError>(sequence.dtype() == sequences[0].dtype(), "pad_sequence", "sequences must have one dtype, got ",
                      sequences[0].dtype(), ", and ", sequence.dtype(), " as number ", i);
    Shape others = sequence.shape();
    others.erase(0);
    rest = i == 0 ? others : rest;
    check<ShapeError>(others == rest, "pad_sequence", "sequences must differ in their first size only, got ",
                      sequences[0].shape(), ", and ", sequence.shape(), " as number ", i);
    longest = std::max(longest, sequence.size(0));
  }
  return longest;
}

}  // namespace

Tensor pad_sequence(const std::vector<Tensor>& sequences, bool batch_first, Scalar padding_value) {
  const int64_t longest = check_sequences(sequences), batch_axis = batch_first ? 0 : 1;
  Shape shape = sequences[0].shape();
  shape[0] = longest;
  shape.insert(batch_axis, static_cast<int64_t>(sequences.size()));
  const Tensor padded = full(shape, padding_value, sequences[0].dtype());
  for (size_t i = 0; i < sequences.size(); ++i) {
    Tensor place = narrow(select(padded, batch_axis, static_cast<int64_t>(i)), 0, 0, sequences[i].size(0));
    copy_(place, sequences[i]);
  }
  return padded;
}

PaddedTokens pad_tokens(const std::vector<std::vector<int64_t>>& sequences, int64_t padding_value) {
  check(!sequences.empty(), "pad_tokens", "needs at least one sequence, got none");
  const auto rows = static_cast<int64_t>(sequences.size());
  size_t longest = 0;
  for (const std::vector<int64_t>& sequence : sequences) {
    longest = std::max(longest, sequence.size());
  }
  std::vector<int64_t> tokens(sequences.size() * longest, padding_value);
  std::vector<int64_t> lengths;
  lengths.reserve(sequences.size());
  auto row = tokens.begin();
  for (const std::vector<int64_t>& sequence : sequences) {
    std::copy(sequence.begin(), sequence.end(), row);
    row += static_cast<std::ptrdiff_t>(longest);
    lengths.push_back(static_cast<int64_t>(sequence.size()));
  }
  return {from_vector(tokens, {rows, static_cast<int64_t>(longest)}), from_vector(lengths, {rows})};
}

}  // namespace heed
