// Rules for configurations of sequence-to-sequence models, beside problem_of(RecurrentStackOptions).
#pragma once

#include <heed/nn/seq2seq/recurrent_stack_options.h>
#include <heed/nn/seq2seq/seq2seq.h>

#include "core/config_rules.h"

namespace heed::detail {

/// Sizes of at least 1, and special tokens within the target vocabulary.
void require_vocabularies(ConfigRules& rules, int64_t source, int64_t target, const SpecialTokens& tokens);

/// The rules of a decoder whose cells go step by step, as AttendingDecoder's: no dropout with one mask for all steps.
std::optional<ConfigProblem> problem_of_steps(const RecurrentStackOptions& stack);

/// Throws ValueError in the name of a decoder for problem_of(stack), and for layers that are bidirectional.
const RecurrentStackOptions& checked_decoder(const char* owner, const RecurrentStackOptions& stack);

/// Throws ValueError unless an attention's queries are of the decoder's size.
void check_query_size(const char* owner, const RecurrentStackOptions& stack, int64_t query_size);

}  // namespace heed::detail
