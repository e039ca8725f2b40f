// chomsky: strings up to twelve times as long as those in training.
#include <array>

#include "experiments/experiment.h"
#include "run/model_spec.h"

namespace remember {

namespace {

/// Its tasks; bucket sort has five symbols, the others two.
constexpr std::array kTasks = {"duplicate", "reverse", "odds-first", "missing-duplicate", "sort", "parity"};

/// With 0.3 and longer training, location attention went back to the start of long strings more often than with 0.2.
double dropout_of(const std::string& model) {
  return model.ends_with("+location") ? 0.3 : attends(parse_model(model, {}, "model")) ? 0.2 : 0;
}

std::vector<Published> published_rows() {
  const std::string tape = "published, Tape-RNN", lstm = "published, LSTM", transformer = "published, transformer";
  const std::string far = "41:500";
  return {{"duplicate", tape, {{far, "100.0 %"}}},       {"duplicate", lstm, {{far, "about 58 %"}}},
          {"duplicate", transformer, {{far, "52.8 %"}}}, {"reverse", tape, {{far, "100.0 %"}}},
          {"reverse", lstm, {{far, "about 61 %"}}},      {"reverse", transformer, {{far, "about 62 %"}}},
          {"odds-first", tape, {{far, "100.0 %"}}},      {"missing-duplicate", tape, {{far, "100.0 %"}}}};
}

}  // namespace

Experiment chomsky(const ExperimentOptions& options) {
  RunOptions run;
  run.model.hidden = 64;
  run.data.train_length = {1, 40};
  run.data.grow_lengths = 400;
  run.training = {.until = "plateau", .patience = 5, .max_steps = 20'000, .batch = 32, .learning_rate = 3e-3};
  Experiment experiment;
  for (const std::string task : kTasks) {
    run.data.task = task;
    run.data.symbols = task == "sort" ? 5 : 2;
    for (const std::string model : {"rnn", "lstm", "bilstm+additive", "birnn+location", "transformer+sinusoidal",
                                    "transformer+relative", "transformer+randomized", "transformer+both-ends"}) {
      run.model.dropout = dropout_of(model);
      add_trials(experiment, options.seeds, model, run, {{1, 40}, {41, 500}}, 50);
    }
  }
  experiment.title = "Strings up to twelve times as long as those in training";
  experiment.paper = "Delétang et al. 2023, Neural networks and the Chomsky hierarchy";
  experiment.measure = Measure::token;
  // an end token, right in any case, would be half of these answers
  experiment.other_measures = {{"parity", Measure::exact}, {"missing-duplicate", Measure::exact}};
  experiment.published = published_rows();
  experiment.differences = {
      "an encoder, and a decoder fed with its own output, which must end; in the paper one network, with an output for "
      "each token of the answer and none for its end",
      "missing-duplicate has even lengths only; in the paper odd ones have one token of padding",
      "size 64, one layer, to the plateau of validation, 20,000 steps at most; in the paper a million steps, the best "
      "of several settings and seeds"};
  experiment.notes = {"one token is the whole answer in parity and missing-duplicate, where guessing gives 50 %",
                      "in a string that comes twice, the masked bit is 1 if the number of the other ones is odd: "
                      "missing-duplicate can be solved as parity",
                      "published figures that could not be checked are left out: those of parity and sort, of the "
                      "plain recurrent network, and of LSTM and transformer in odds-first and missing-duplicate"};
  return experiment;
}

}  // namespace remember
