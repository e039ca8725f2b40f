// wang: copy, reverse and reduplicate, with attention and without.
#include "experiments/experiment.h"

namespace remember {

namespace {

const std::vector<LengthRange> kLengths = {{6, 15}, {20, 20}, {30, 30}};

RunOptions common_settings() {
  RunOptions run;
  run.data.symbols = 26;
  run.data.train_length = {6, 15};
  run.training = {.until = "plateau", .max_steps = 40'000, .batch = 128, .learning_rate = 2e-3};
  return run;
}

/// The fixed vector: three sizes, on the paper's number of strings and on new ones in every step.
void add_fixed_vectors(Experiment& experiment, const std::vector<uint64_t>& seeds, RunOptions run) {
  for (const int64_t hidden : {128, 256, 512}) {
    run.model.hidden = hidden;
    const std::string size = "hidden " + std::to_string(hidden);
    run.data.train_size = 10'000;
    add_trials(experiment, seeds, "lstm", run, kLengths, 1000, size);
    run.data.train_size = 0;
    add_trials(experiment, seeds, "lstm", run, kLengths, 1000, size + ", fresh strings");
    if (hidden == 256) {
      run.model.reverse_source = true;
      add_trials(experiment, seeds, "lstm", run, kLengths, 1000, size + ", fresh strings");
      run.model.reverse_source = false;
    }
  }
}

}  // namespace

Experiment wang(const ExperimentOptions& options) {
  Experiment experiment;
  RunOptions run = common_settings();
  RunOptions attending = run;
  attending.data.train_size = 10'000;
  attending.model.hidden = 64;
  attending.model.dropout = 0.2;
  for (const char* task : {"copy", "reverse", "reduplicate"}) {
    run.data.task = attending.data.task = task;
    add_fixed_vectors(experiment, options.seeds, run);
    for (const char* model : {"birnn+additive", "birnn+location"}) {
      add_trials(experiment, options.seeds, model, attending, kLengths, 2000, "hidden 64");
    }
  }
  experiment.title = "Sequences in, sequences out: copy, reverse, reduplicate";
  experiment.paper = "Wang 2023, Learning transductions and alignments with RNN seq2seq models";
  const std::string fixed = "published, no attention, hidden 512", attending_row = "published, with attention";
  experiment.published = {{"copy", fixed, {{"6:15", "75.7 %"}}},
                          {"copy", attending_row, {{"6:15", "about 100 %"}, {"20", "about 31 %"}, {"30", "0 %"}}},
                          {"reverse", fixed, {{"6:15", "93.1 %"}}},
                          {"reverse", attending_row, {{"6:15", "about 100 %"}, {"20", "0 %"}, {"30", "0 %"}}},
                          {"reduplicate", fixed, {{"6:15", "55.5 %"}}},
                          {"reduplicate", attending_row, {{"6:15", "about 100 %"}, {"30", "0 %"}}}};
  experiment.differences = {
      "embeddings as large as the hidden size; in the paper 128",
      "Adam at 0.002, batch 128, to the plateau of validation; in the paper Adam at 0.0005, at most 500 epochs",
      "with attention tanh cells, a bidirectional encoder and dropout 0.2; in the paper LSTM cells",
      "'fresh strings' are new in every step; in the paper there are 10,000, as in the other rows"};
  return experiment;
}

}  // namespace remember
