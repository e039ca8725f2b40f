// parity: where attention does not help.
#include "experiments/experiment.h"

namespace remember {

Experiment parity(const ExperimentOptions& options) {
  RunOptions run;
  run.data.task = "parity";
  run.data.symbols = 2;
  run.data.train_length = {3, 40};
  run.data.grow_lengths = 1000;
  run.model.hidden = 64;
  // patience for at least 12,250 steps, ten times what a recurrent network needs to learn it
  run.training = {.until = "plateau", .patience = 12, .max_steps = 40'000, .batch = 64, .learning_rate = 3e-3};
  Experiment experiment;
  for (const std::string model : {"rnn", "lstm", "gru", "mingru", "transformer+none", "transformer+sinusoidal",
                                  "transformer+rotary", "transformer+alibi"}) {
    const bool is_transformer = model.starts_with("transformer");
    run.model.layers = is_transformer ? 2 : 1;
    run.training.learning_rate = is_transformer ? 1e-3 : 3e-3;
    add_trials(experiment, options.seeds, model, run, {{3, 40}, {40, 256}}, 1000);
  }
  experiment.title = "Parity: whether the number of ones is odd";
  experiment.paper = "The task of xLSTM's code, as in Grazzi et al. 2024, arXiv 2411.12537";
  experiment.published = {{"parity", "published, sLSTM (recurrent)", {{"40:256", "solved"}}},
                          {"parity", "published, transformer, Mamba", {{"40:256", "not solved"}}}};
  experiment.differences = {
      "an encoder reads the bits and a decoder writes one token and ends; in the paper one network with an output at "
      "the last bit",
      "short strings first, over 1,000 steps; transformers have two layers"};
  experiment.notes = {"guessing gives 50 %",
                      "a model that does not improve is trained for at least 12,250 steps, 784,000 strings; those that "
                      "learn it need about a tenth of that"};
  return experiment;
}

}  // namespace remember
