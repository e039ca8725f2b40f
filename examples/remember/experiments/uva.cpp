// uva: reversing sixteen digits with a transformer of one head.
#include "experiments/experiment.h"

namespace remember {

Experiment uva(const ExperimentOptions& options) {
  RunOptions run;
  run.data.task = "reverse";
  run.data.symbols = 10;
  run.data.train_length = {16, 16};
  run.model.hidden = 32;
  run.training = {.until = "plateau", .max_steps = 20'000, .batch = 64, .learning_rate = 3e-3};
  Experiment experiment;
  for (const char* model : {"transformer+both-ends", "transformer+sinusoidal", "transformer+none", "bigru+location"}) {
    add_trials(experiment, options.seeds, model, run, {{16, 16}}, 10'000);
  }
  experiment.title = "Reversing sixteen digits";
  experiment.paper = "University of Amsterdam, deep-learning tutorial 6";
  experiment.measure = Measure::exact;
  experiment.published = {{"reverse", "published, tokens", {{"16", "100.00 %"}}},
                          {"reverse", "recurrent network, in the tutorial", {{"16", "not published"}}}};
  experiment.differences = {
      "an encoder, and a decoder that writes token by token and must end; in the tutorial an encoder "
      "with one output per position",
      "here an output must be right in full; the published figure counts tokens",
      "size 32, one layer and one head as in the tutorial; fresh sequences to the plateau of validation, at most "
      "1,280,000; in the tutorial 50,000 for ten epochs"};
  return experiment;
}

}  // namespace remember
