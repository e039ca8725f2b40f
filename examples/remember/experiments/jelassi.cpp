// jelassi: copying and looking up, far beyond the training lengths.
#include "experiments/experiment.h"

namespace remember {

namespace {

void add_task(Experiment& experiment, const std::vector<uint64_t>& seeds, RunOptions run,
              const std::vector<LengthRange>& lengths) {
  for (const char* model : {"transformer+hard-alibi", "transformer+alibi", "transformer+rotary", "transformer+none"}) {
    add_trials(experiment, seeds, model, run, lengths, 100);
  }
  run.model.layers = 1;
  run.model.hidden = 64;
  run.model.dropout = 0.2;
  run.training.learning_rate = 3e-3;
  add_trials(experiment, seeds, "birnn+location", run, lengths, 100);
  run.model.hidden = 256;
  run.model.dropout = 0;
  run.training.learning_rate = 2e-3;
  add_trials(experiment, seeds, "lstm", run, lengths, 100);
}

}  // namespace

Experiment jelassi(const ExperimentOptions& options) {
  RunOptions run;
  run.data.symbols = 26;
  run.model.heads = 16;
  run.model.hidden = 128;
  run.training = {.until = "plateau", .max_steps = 20'000, .batch = 32, .learning_rate = 1e-3};
  Experiment experiment;
  run.data.task = "copy";
  run.data.train_length = {1, 50};
  add_task(experiment, options.seeds, run, {{1, 50}, {100, 100}, {300, 300}, {1000, 1000}});
  run.data.train_length = {4, 30};
  run.model.layers = 2;  // the key, and what follows it
  for (const char* task : {"lookup", "lookup-prefix"}) {
    run.data.task = task;
    add_task(experiment, options.seeds, run, {{4, 30}, {50, 50}, {100, 100}});
  }
  experiment.title = "Copying and looking up, far beyond the training lengths";
  experiment.paper = "Jelassi et al. 2024, Repeat after me: transformers are better than state space models at copying";
  experiment.published = {{"copy", "published, hard ALiBi, 160 M parameters", {{"1000", "nearly 100 %"}}},
                          {"copy", "published, LSTM", {{"1000", "0 %"}}}};
  experiment.differences = {
      "an encoder and a decoder; in the paper a decoder alone, which reads the string before it writes",
      "below a million parameters; in the paper 160 millions",
      "one string at a time, as many as a step has; in the paper several strings packed into a context",
      "lookup: three tokens, and the answer goes on to the string's end"};
  experiment.notes = {"transformers have 16 heads of 8 units"};
  return experiment;
}

}  // namespace remember
