// grefenstette: copy, reversal and bigram flip far above the training lengths.
#include "experiments/experiment.h"

namespace remember {

Experiment grefenstette(const ExperimentOptions& options) {
  RunOptions run;
  run.data.symbols = 128;
  run.data.train_length = {8, 64};
  run.data.grow_lengths = 600;
  run.model.hidden = 64;
  run.model.dropout = 0.2;
  run.training = {.until = "plateau", .max_steps = 25'000, .batch = 32, .learning_rate = 3e-3, .clip = 0.5};
  RunOptions without = run;
  without.model.hidden = 128;
  without.model.dropout = 0;
  const std::vector<LengthRange> lengths = {{65, 128}, {640, 640}};
  Experiment experiment;
  for (const char* task : {"copy", "reverse", "bigram-flip"}) {
    run.data.task = without.data.task = task;
    add_trials(experiment, options.seeds, "birnn+location", run, lengths, 100);
    add_trials(experiment, options.seeds, "birnn+additive", run, lengths, 100);
    add_trials(experiment, options.seeds, "lstm", without, lengths, 100);
  }
  experiment.title = "Copy, reversal and bigram flip at twice and ten times the training lengths";
  experiment.paper = "Grefenstette et al. 2015, Learning to transduce with unbounded memory, table 1";
  const std::string lstm = "published, best LSTM", best = "published, best stack or queue";
  experiment.published = {{"copy", lstm, {{"65:128", "1.0 %"}}},        {"copy", best, {{"65:128", "100.0 %"}}},
                          {"reverse", lstm, {{"65:128", "4.0 %"}}},     {"reverse", best, {{"65:128", "100.0 %"}}},
                          {"bigram-flip", lstm, {{"65:128", "2.0 %"}}}, {"bigram-flip", best, {{"65:128", "55.0 %"}}}};
  for (const char* task : {"copy", "reverse", "bigram-flip"}) {
    experiment.published.push_back({task, "attention, in the paper", {{"65:128", "not published"}}});
  }
  experiment.differences = {
      "an encoder and a decoder; in the paper one network with a stack, queue or deque",
      "Adam, batch 32, clip 0.5, with the lengths growing from 8 to 64 over the first 600 steps; in "
      "the paper RMSProp, batch 10, all lengths from the first step",
      "hidden size 64 (128 without attention), 1 layer, tanh cells, dropout 0.2 (LSTM cells without attention, and "
      "none)"};
  return experiment;
}

}  // namespace remember
