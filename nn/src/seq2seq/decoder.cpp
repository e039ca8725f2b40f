// The loop that makes a whole-sequence forward of any decoder's step.
#include <heed/nn/seq2seq/decoder.h>
#include <heed/tensor/create.h>
#include <heed/tensor/view.h>

#include "seq2seq/decoder_run.h"

namespace heed {

void Decoder::check_target(const Tensor& target_in) const {
  check<ShapeError>(target_in.rank() == 2 && target_in.size(1) >= 1, "Decoder",
                    "target must be (B, T) with at least one step, got ", target_in.shape());
}

DecoderOutput Decoder::forward(const Tensor& target_in, const DecoderState& state) const {
  check_target(target_in);
  return detail::DecoderRun(*this, state, target_in.size(0)).loop(target_in.size(1), [&](int64_t t, const Variable&) {
    return contiguous(select(target_in, 1, t));
  });
}

}  // namespace heed
