// Positions that a sequence-to-sequence transformer adds to its embeddings.
#include "seq2seq/added_positions.h"

#include <heed/autograd/elementwise.h>
#include <heed/nn/transformer/sequence_positions.h>
#include <heed/tensor/index.h>

namespace heed::detail {

Variable add_positions(const Variable& x, PositionKind kind, const Tensor& positions, const Tensor& from_end) {
  const int64_t size = x.size(-1);
  switch (kind) {
    case PositionKind::sinusoidal:
    case PositionKind::randomized:
      return x + Variable(sinusoids_at(positions, size, x.dtype()));
    case PositionKind::both_ends:
      return x + Variable(cat(
                     {sinusoids_at(positions, size / 2, x.dtype()), sinusoids_at(from_end, size / 2, x.dtype())}, -1));
    default:
      return x;
  }
}

}  // namespace heed::detail
