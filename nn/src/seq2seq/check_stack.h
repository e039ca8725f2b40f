// What encoders and decoders ask of RecurrentStackOptions.
#pragma once

#include <heed/nn/seq2seq/recurrent_stack_options.h>
#include <heed/tensor/error.h>

namespace heed::detail {

inline void check_batch_first(const char* owner, const RecurrentStackOptions& stack) {
  check(stack.layers.batch_first, owner, "layers must be batch_first, as sequences of tokens are");
}

inline void check_decoder_stack(const char* owner, const RecurrentStackOptions& stack, int64_t query_size) {
  check_batch_first(owner, stack);
  check(!stack.layers.bidirectional, owner, "layers must not be bidirectional: what follows is not known");
  check(query_size == stack.hidden, owner, "the attention's queries must be of size ", stack.hidden, ", got ",
        query_size);
}

}  // namespace heed::detail
