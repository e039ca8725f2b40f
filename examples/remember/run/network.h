// Network: the library's model for ModelOptions, and the names of the library's kinds.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include <heed/nn/core/config_problem.h>
#include <heed/nn/seq2seq/seq2seq.h>

#include "run/options.h"

namespace remember {

/// Parameters are drawn from the default generator. Throws heed::ValueError for problem_of().
std::unique_ptr<heed::Seq2Seq> make_network(const ModelOptions& options, int64_t source_size, int64_t target_size);

/// The first rule of the library that the options break.
std::optional<heed::ConfigProblem> problem_of(const ModelOptions& options);

/// How many numbers the decoder starts from: layers · hidden for each state of the cell (an LSTM has two, h and c); 0
/// for a transformer, which has no state of fixed size.
int64_t state_size(const ModelOptions& options);

/// "rnn, lstm, …": recurrent cells.
std::string cell_names();
/// "rnn, …, transformer": what ModelOptions::cell can be.
std::string encoder_names();
/// "additive, dot, …": what ModelOptions::attention can be besides "none".
std::string attention_names();
/// "none, sinusoidal, …": what ModelOptions::positions can be.
std::string position_names();

}  // namespace remember
