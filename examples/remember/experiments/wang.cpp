// wang: copy, reverse and reduplicate, with attention and without.
#include "experiments/experiment.h"

namespace remember {

Experiment wang(const ExperimentOptions& options) {
  RunOptions run;
  run.data.symbols = 26;
  run.data.train_length = {6, 15};
  run.data.train_size = 10'000;
  run.model.hidden = 64;
  run.model.dropout = 0.2;
  run.training = {.steps = 300, .batch = 32, .learning_rate = 3e-3, .warmup = 100};
  RunOptions without = run;
  without.model.hidden = 128;
  without.model.dropout = 0;
  without.training.steps = 3000;
  const std::vector<LengthRange> lengths = {{6, 15}, {20, 20}, {30, 30}};
  Experiment experiment;
  for (const char* task : {"copy", "reverse", "reduplicate"}) {
    run.data.task = without.data.task = task;
    without.model.reverse_source = false;
    add_trials(experiment, {options.seeds.front()}, "lstm", without, lengths, 1000);
    without.model.reverse_source = true;
    add_trials(experiment, {options.seeds.front()}, "lstm", without, lengths, 1000);
    add_trials(experiment, {options.seeds.front()}, "birnn+additive", run, lengths, 2000);
    add_trials(experiment, options.seeds, "birnn+location", run, lengths, 2000);
  }
  experiment.title = "Sequences in, sequences out: copy, reverse, reduplicate";
  experiment.paper = "Wang 2023, Learning transductions and alignments with RNN seq2seq models";
  const std::string fixed = "published, no attention", attending = "published, with attention";
  experiment.published = {{"copy", fixed, {{"6:15", "75.7 %"}}},
                          {"copy", attending, {{"6:15", "about 100 %"}, {"20", "about 31 %"}, {"30", "0 %"}}},
                          {"reverse", fixed, {{"6:15", "93.1 %"}}},
                          {"reverse", attending, {{"6:15", "about 100 %"}, {"20", "0 %"}, {"30", "0 %"}}},
                          {"reduplicate", fixed, {{"6:15", "55.5 %"}}},
                          {"reduplicate", attending, {{"6:15", "about 100 %"}, {"30", "0 %"}}}};
  experiment.differences = {
      "hidden size: 64 (128 without attention) and embeddings of that size; in the paper 512 and 128",
      "Adam's learning rate: 0.003 with warm-up and cosine decay; in the paper 0.0005",
      "300 steps of 32 (3,000 without attention): about 1 (10) epochs; in the paper up to 500",
      "models with additive and location attention are bidirectional, with tanh cells and dropout 0.2"};
  return experiment;
}

}  // namespace remember
