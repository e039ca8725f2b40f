// g2p: English words and their pronunciation.
#include "experiments/experiment.h"
#include "text/usage_error.h"

namespace remember {

Experiment g2p(const ExperimentOptions& options) {
  require(!options.data.empty(), "--data", "given: the file of words and phones to train on", "nothing");
  RunOptions run;
  run.data.task = "pairs";
  run.data.data = options.data;
  run.data.valid = options.valid;
  run.data.test = options.test;
  run.data.source_tokens = run.data.target_tokens = "space";
  run.model.hidden = 160;
  run.model.embedding = 128;
  run.model.dropout = 0.2;
  run.model.source_marks = false;
  run.training = {.until = "plateau",
                  .patience = 4,
                  .max_steps = 24'000,
                  .batch = 128,
                  .learning_rate = 3e-3,
                  .warmup = 200,
                  .label_smoothing = 0.1,
                  .valid_every = 400,
                  .checkpoint_every = 1200};
  Experiment experiment;
  add_trials(experiment, options.seeds, "bilstm+additive", run, {}, 0);
  add_trials(experiment, options.seeds, "bilstm", run, {}, 0);
  experiment.title = "Letters to sounds";
  experiment.paper = "CMU Pronouncing Dictionary; figures of g2p-seq2seq";
  experiment.measure = Measure::wrong;
  for (Trial& trial : experiment.trials) {
    trial.beam = 5;
  }
  experiment.published = {{"pairs", "Phonetisaurus (8-grams), on this split", {{"words", "28.12 %"}}},
                          {"pairs", "published, LSTM 2 x 64", {{"words", "39.6 %"}}},
                          {"pairs", "published, LSTM 2 x 512", {{"words", "31.1 %"}}},
                          {"pairs", "published, transformer 3 x 256", {{"words", "30.2 %"}}}};
  experiment.differences = {"for the published rows other words are held out",
                            "hidden size 160 per direction, one layer, beam 5",
                            "to the plateau of validation, 24,000 steps at most"};
  experiment.notes = {options.test.empty()
                          ? "the words counted are those of validation, which also chose the checkpoint; --test FILE "
                            "counts words that chose nothing"
                          : "the words counted are those of --test, which are left out of training and validation"};
  return experiment;
}

}  // namespace remember
