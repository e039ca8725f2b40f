// mqar: multi-query associative recall.
#include "experiments/experiment.h"

namespace remember {

Experiment mqar(const ExperimentOptions& options) {
  RunOptions run;
  run.data.task = "pairs-recall";
  run.data.symbols = 8192;
  run.data.grow_lengths = 2000;
  run.training = {.until = "plateau", .max_steps = 25'000, .batch = 128, .learning_rate = 2e-3};
  Experiment experiment;
  for (const int64_t length : {64, 128}) {
    run.data.train_length = {16, length};
    const std::string tokens = std::to_string(length) + " tokens, hidden ";
    for (const int64_t hidden : {64, 128}) {
      run.model.hidden = hidden;
      for (const std::string model : {"transformer+sinusoidal", "bigru+additive", "lstm", "mingru"}) {
        run.model.layers = model.starts_with("transformer") ? 2 : 1;
        add_trials(experiment, options.seeds, model, run, {{length, length}}, 1000, tokens + std::to_string(hidden));
      }
    }
  }
  experiment.title = "Multi-query associative recall: keys with values, then the keys again";
  experiment.paper =
      "Arora et al. 2023, Zoology: measuring and improving recall in efficient language models, figure 2";
  experiment.published = {{"pairs-recall", "published, attention, any width", {{"64", "solved"}, {"128", "solved"}}},
                          {"pairs-recall", "published, others", {{"64", "need width"}, {"128", "need more width"}}}};
  experiment.differences = {
      "a decoder writes the values in the order of the keys; in the paper one network writes each value at its key",
      "trained on one pair in 16 tokens first, then on more; in the paper on all pairs from the first step",
      "fresh examples in every step; in the paper 100,000, in up to 64 epochs",
      "width 64 and 128, one learning rate; in the paper 64 to 512, the best of four rates"};
  experiment.notes = {"an output is right if all its values are; the paper counts each value",
                      "three seeds are 48 runs: with --minutes 60 each has too little time for a plateau"};
  return experiment;
}

}  // namespace remember
