// chomsky: binary strings ten times as long as those in training.
#include "experiments/experiment.h"

namespace remember {

Experiment chomsky(const ExperimentOptions& options) {
  RunOptions run;
  run.data.symbols = 2;
  run.data.train_length = {1, 40};
  run.model.hidden = 64;
  run.model.dropout = 0.2;
  run.training = {.steps = 400, .batch = 32, .learning_rate = 2e-3, .warmup = 100, .valid_every = 200};
  Experiment experiment;
  for (const char* task : {"copy", "reverse"}) {
    run.data.task = task;
    for (const char* positions : {"both-ends", "randomized", "relative", "sinusoidal", "none"}) {
      add_trials(experiment, options.seeds, std::string("transformer+") + positions, run, {{1, 40}, {41, 500}}, 50);
    }
    add_trials(experiment, options.seeds, "birnn+location", run, {{1, 40}, {41, 500}}, 50);
  }
  experiment.title = "Binary strings up to twelve times as long as those in training";
  experiment.paper = "Delétang et al. 2023, Neural networks and the Chomsky hierarchy";
  experiment.measure = Measure::token;
  experiment.published = {{"copy", "published, transformer (duplicating)", {{"41:500", "52.8 %"}}},
                          {"reverse", "published, transformer", {{"41:500", "about 62 %"}}},
                          {"reverse", "published, LSTM", {{"41:500", "about 60 %"}}}};
  experiment.differences = {
      "an encoder, and a decoder fed with its own output; in the paper one network, its input "
      "followed by as many positions as the answer has",
      "copy once; in the paper twice",
      "size 64, one layer, 400 steps; in the paper 64, five layers, a million steps, best of several seeds"};
  return experiment;
}

}  // namespace remember
