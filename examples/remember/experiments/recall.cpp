// recall: ten symbols, remembered over hundreds of steps.
#include "experiments/experiment.h"

namespace remember {

Experiment recall(const ExperimentOptions& options) {
  RunOptions run;
  run.data.task = "recall";
  run.data.symbols = 8;
  run.data.train_length = {100, 500};
  run.model.hidden = 64;
  run.training = {
      .until = "plateau", .patience = 5, .max_steps = 15'000, .batch = 32, .learning_rate = 4e-3, .valid_every = 200};
  const std::vector<LengthRange> lengths = {{100, 100}, {200, 200}, {300, 300}, {500, 500}};
  Experiment experiment;
  for (const char* model : {"lstm+additive", "lstm"}) {
    add_trials(experiment, options.seeds, model, run, lengths, 200);
  }
  experiment.title = "Ten symbols, hundreds of blanks, and the ten symbols again";
  experiment.paper = "Arjovsky, Shah, Bengio 2016, Unitary evolution recurrent neural networks, section 5.1";
  experiment.measure = Measure::loss;
  experiment.published = {{"recall",
                           "memoryless, 10 ln 8 / (T + 20)",
                           {{"100", "0.1733"}, {"200", "0.0945"}, {"300", "0.0650"}, {"500", "0.0400"}}},
                          {"recall", "attention, in the paper", {{"500", "not published"}}}};
  experiment.differences = {
      "an encoder reads symbols, blanks and cue, a decoder writes the ten symbols and the end; in the paper "
      "one network writes at each of T + 20 steps",
      "one model for all T, trained on T drawn from 100 to 500; in the paper one per T"};
  experiment.notes = {
      "the loss is that of the ten symbols and the end together, divided by T + 20 as in the paper",
      "published losses of the LSTM could not be checked and are left out; the published row is the baseline"};
  return experiment;
}

}  // namespace remember
