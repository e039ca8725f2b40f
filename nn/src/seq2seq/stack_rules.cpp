// Rules for configurations of sequence-to-sequence models.
#include "seq2seq/stack_rules.h"

#include <algorithm>

namespace heed {

std::optional<ConfigProblem> problem_of(const RecurrentStackOptions& stack) {
  detail::ConfigRules rules;
  rules.at_least_one("embedding", stack.embedding);
  rules.at_least_one("hidden", stack.hidden);
  rules.include(problem_of(stack.cell, stack.layers));
  rules.require(stack.layers.batch_first, "batch_first", "true, as sequences of tokens are", "false");
  return rules.problem();
}

namespace detail {

void require_vocabularies(ConfigRules& rules, int64_t source, int64_t target, const SpecialTokens& tokens) {
  rules.at_least_one("source_vocabulary", source);
  rules.at_least_one("target_vocabulary", target);
  const int64_t largest = std::max({tokens.pad, tokens.bos, tokens.eos});
  rules.require(largest < target, "target_vocabulary",
                "above pad, bos and eos, the largest of which is " + std::to_string(largest), target);
}

std::optional<ConfigProblem> problem_of_steps(const RecurrentStackOptions& stack) {
  ConfigRules rules;
  const std::string reason = " where what is attended to feeds the cell, which goes step by step";
  rules.require(!stack.layers.locked_dropout, "locked_dropout", "false" + reason, "true");
  rules.require(stack.layers.recurrent_dropout == 0, "recurrent_dropout", "0" + reason, stack.layers.recurrent_dropout);
  return rules.problem();
}

const RecurrentStackOptions& checked_decoder(const char* owner, const RecurrentStackOptions& stack) {
  check(!stack.layers.bidirectional, owner, "layers must not be bidirectional: what follows is not known");
  return checked(owner, stack);
}

void check_query_size(const char* owner, const RecurrentStackOptions& stack, int64_t query_size) {
  check(query_size == stack.hidden, owner, "the attention's queries must be of size ", stack.hidden, ", got ",
        query_size);
}

}  // namespace detail
}  // namespace heed
