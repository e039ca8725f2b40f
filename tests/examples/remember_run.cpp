// Runs: batches, folders, checkpoints, stopping and going on.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <limits>
#include <sstream>

#include <heed/nn/core/checkpoint.h>
#include <heed/tensor/error.h>
#include <heed/tensor/file.h>

#include "data/vocabulary.h"
#include "run/data_source.h"
#include "run/output_folder.h"
#include "run/saved_run.h"
#include "run/trainer.h"
#include "support/catch.h"
#include "support/message.h"
#include "support/temporary_folder.h"

using namespace remember;

TEST_CASE("a folder with files in it is refused, and forcing removes our files alone") {
  const TemporaryFolder folder;
  prepare_output_folder(folder.path("new/deep"), false);
  CHECK(std::filesystem::is_directory(folder.path("new/deep")));
  const std::string used = folder.path("used");
  std::filesystem::create_directories(used + "/figures");
  for (const char* name : {"/last.npz", "/notes.txt", "/figures/accuracy-copy.png", "/figures/mine.png"}) {
    std::ofstream(used + name) << "x";
  }
  CHECK_THROWS_AS(prepare_output_folder(used, false), heed::FileError);
  CHECK(std::filesystem::exists(used + "/last.npz"));
  prepare_output_folder(used, true);
  CHECK(!std::filesystem::exists(used + "/last.npz"));
  CHECK(!std::filesystem::exists(used + "/figures/accuracy-copy.png"));
  CHECK(std::filesystem::exists(used + "/notes.txt"));
  CHECK(std::filesystem::exists(used + "/figures/mine.png"));
  CHECK_THROWS_AS(prepare_output_folder(used + "/notes.txt", true), heed::FileError);
}

TEST_CASE("a file that cannot be written is found out before, and what is there stays") {
  const TemporaryFolder folder;
  const std::string file = folder.path("results.csv");
  CHECK_NOTHROW(require_writable(file));
  CHECK(!std::filesystem::exists(file));
  heed::write_file(file, "kept");
  CHECK_NOTHROW(require_writable(file));
  CHECK(heed::read_file(file) == "kept");
  CHECK(message_of([&] { require_writable(folder.path("")); }) ==
        "cannot write " + folder.path("") + ": Is a directory");
  CHECK(message_of([&] { require_writable(folder.path("missing/x.csv")); }) ==
        "cannot write " + folder.path("missing/x.csv") + ": No such file or directory");
  CHECK_THROWS_AS(require_writable("/proc/x.csv"), heed::FileError);
  CHECK(std::distance(std::filesystem::directory_iterator(folder.path("")), {}) == 1);
}

TEST_CASE("the folder of a comparison is refused when its results could not be written") {
  const TemporaryFolder folder;
  const std::string out = folder.path("compared");
  prepare_comparison_folder(out, false, false);
  CHECK(std::filesystem::is_directory(out + "/figures"));
  CHECK_NOTHROW(prepare_comparison_folder(out, true, false));
  CHECK_THROWS_AS(prepare_comparison_folder(out, false, false), heed::FileError);
  std::filesystem::create_directories(out + "/results.json");
  CHECK(message_of<heed::FileError>([&] { prepare_comparison_folder(out, true, false); }) ==
        "cannot write " + out + "/results.json: Is a directory");
}

TEST_CASE("a path becomes one word of a shell command") {
  CHECK(shell_word("out/run-1") == "out/run-1");
  CHECK(shell_word("my run") == "'my run'");
  CHECK(shell_word("it's") == "'it'\\''s'");
  CHECK(shell_word("") == "''");
  CHECK(shell_word("a\xFF\n'\\") == "$'a\\xFF\\x0A\\'\\\\'");
}

namespace {

RunOptions tiny_run() {
  RunOptions options;
  options.model = {.cell = "lstm", .bidirectional = true, .attention = "general", .hidden = 6, .dropout = 0.3};
  options.data.symbols = 4;
  options.data.train_length = {1, 4};
  options.training.steps = 6;
  options.training.batch = 4;
  options.training.warmup = 2;
  options.training.teacher_forcing = 0.7;
  options.training.valid_every = 4;
  return options;
}

/// Ends by convergence: nothing is learned with that rate.
RunOptions tiny_plateau() {
  RunOptions options = tiny_run();
  options.training.until = "plateau";
  options.training.patience = 2;
  options.training.valid_every = 1;
  options.training.learning_rate = 1e-6;
  return options;
}

/// Trains up to `stop_at`, from the beginning or from what is in the folder.
Trainer::Ending train(const std::string& folder, int64_t stop_at, bool resume, RunOptions options = tiny_run(),
                      double seconds = std::numeric_limits<double>::infinity()) {
  SavedRun saved;
  if (resume) {
    saved = load_run(folder + "/last.npz");
    options = saved.description.options;
  } else {
    make_folder(folder);
  }
  const auto dataset = open_dataset(options);
  Progress progress(true);
  Trainer trainer(options, *dataset, folder, progress, "", resume ? &saved : nullptr);
  return trainer.run(stop_at, seconds);
}

}  // namespace

TEST_CASE("a run stopped after any step and resumed ends with the same bytes") {
  const TemporaryFolder folder;
  CHECK(train(folder.path("whole"), 100, false) == Trainer::Ending::finished);
  const std::string whole = heed::read_file(folder.path("whole/last.npz"));
  const std::string best = heed::read_file(folder.path("whole/best.npz"));
  for (int64_t k = 1; k < 6; ++k) {
    CAPTURE(k);
    const std::string pieces = folder.path("pieces" + std::to_string(k));
    CHECK(train(pieces, k, false) == Trainer::Ending::stopped);
    CHECK(train(pieces, 100, true) == Trainer::Ending::finished);
    CHECK((heed::read_file(pieces + "/last.npz") == whole));
    CHECK((heed::read_file(pieces + "/best.npz") == best));
  }
}

TEST_CASE("a run to its plateau lowers its rate, converges, and goes on after any step with the same bytes") {
  const TemporaryFolder folder;
  CHECK(train(folder.path("whole"), 100, false, tiny_plateau()) == Trainer::Ending::finished);
  const std::string whole = heed::read_file(folder.path("whole/last.npz"));
  const SavedRun saved = load_run(folder.path("whole/last.npz"));
  const int64_t steps = saved.checkpoint.progress.step;
  CHECK(saved.state.plateau.converged);
  CHECK(saved.state.plateau.lowered == 3);
  CHECK(steps == 2 + 4 * 2);  // the first validation after the warm-up of 2 is an improvement
  CHECK(saved.state.examples == steps * 4);
  CHECK(saved.state.multiply_adds > 0);
  for (int64_t k = 1; k < steps; ++k) {
    CAPTURE(k);
    const std::string pieces = folder.path("pieces" + std::to_string(k));
    CHECK(train(pieces, k, false, tiny_plateau()) == Trainer::Ending::stopped);
    CHECK(train(pieces, 100, true) == Trainer::Ending::finished);
    CHECK((heed::read_file(pieces + "/last.npz") == whole));
  }
  RunOptions cut = tiny_plateau();
  cut.training.max_steps = 5;
  CHECK(train(folder.path("cut"), 100, false, cut) == Trainer::Ending::finished);
  CHECK(!load_run(folder.path("cut/last.npz")).state.plateau.converged);
}

TEST_CASE("a run that the time cut off, however often, ends with the same bytes, and has a best checkpoint before") {
  const TemporaryFolder folder;
  train(folder.path("whole"), 100, false, tiny_plateau());
  const std::string pieces = folder.path("pieces");
  RunOptions options = tiny_plateau();
  CHECK(train(pieces, 100, false, options, 0) == Trainer::Ending::stopped);
  while (train(pieces, 100, true, options, 0) != Trainer::Ending::finished) {
  }
  for (const char* file : {"/last.npz", "/best.npz"}) {
    CHECK((heed::read_file(pieces + file) == heed::read_file(folder.path("whole") + file)));
  }
  options.training.valid_every = 50;
  train(folder.path("early"), 100, false, options, 0);
  CHECK(std::filesystem::exists(folder.path("early/best.npz")));
  CHECK(load_run(folder.path("early/last.npz")).state.best_exact == -1);
}

TEST_CASE("a run of before examples were counted goes on with those of its steps, and counts no multiply-adds") {
  const TemporaryFolder folder;
  const std::string run = folder.path("run");
  train(run, 3, false);
  heed::Checkpoint checkpoint = heed::load_checkpoint(run + "/last.npz");
  checkpoint.progress.metrics =
      nlohmann::json{{"loss_sum", 0}, {"loss_steps", 0}, {"exact", -1}, {"best_exact", -1}, {"best_step", 0}}.dump();
  heed::save_checkpoint(run + "/last.npz", checkpoint);
  train(run, 100, true);
  const SavedRun saved = load_run(run + "/last.npz");
  CHECK(saved.state.examples == 6 * 4);
  CHECK(saved.state.multiply_adds == -1);
}

TEST_CASE("neither the warm-up nor the time in which lengths grow counts as a wait for an improvement") {
  const TemporaryFolder folder;
  for (const char* which : {"warmup", "grow_lengths"}) {
    RunOptions options = tiny_plateau();
    (which == std::string("warmup") ? options.training.warmup : options.data.grow_lengths) = 20;
    train(folder.path(which), 100, false, options);
    const SavedRun saved = load_run(folder.path(which) + "/last.npz");
    CAPTURE(which);
    CHECK(saved.state.plateau.converged);
    CHECK(saved.checkpoint.progress.step >= 20 + 4 * 2);
  }
}

TEST_CASE(
    "the rate is lowered after --patience validations without improvement, or after a tenth of all if that is more") {
  const TemporaryFolder folder;
  RunOptions options = tiny_plateau();
  options.model.dropout = 0;
  options.training.learning_rate = 0.01;
  options.training.patience = 5;
  options.training.max_steps = 400;
  train(folder.path("run"), 400, false, options);
  std::istringstream metrics(heed::read_file(folder.path("run/metrics.jsonl")));
  double exact = -1;
  double loss = 1e9;
  double rate = 0;
  int64_t waited = 0;
  int64_t most_waited = 0;
  bool due = false;
  for (std::string text; std::getline(metrics, text);) {
    const auto line = nlohmann::json::parse(text);
    const int64_t step = line.at("step");
    const bool lowered = step > 3 && line.at("learning_rate") < 0.9 * rate;  // after the warm-up
    CHECK(lowered == due);
    rate = line.at("learning_rate");
    const bool better = line.at("valid_exact") > exact || line.at("valid_loss") < loss * 0.995;
    exact = std::max<double>(exact, line.at("valid_exact"));
    loss = line.at("valid_loss") < loss * 0.995 ? line.at("valid_loss").get<double>() : loss;
    waited = better ? 0 : waited + 1;
    due = waited >= std::max<int64_t>(5, step / 10);
    most_waited = std::max(most_waited, waited);
    waited = due ? 0 : waited;
  }
  CHECK(most_waited > 5);
}

TEST_CASE("a model comes back from its checkpoint and writes the same") {
  const TemporaryFolder folder;
  train(folder.path("run"), 100, false);
  const std::string path = folder.path("run/last.npz");
  const SavedRun saved = load_run(path);
  CHECK(saved.description.options == tiny_run());
  CHECK(saved.checkpoint.progress.step == 6);
  CHECK(saved.state.best_step >= 4);
  const auto model = restore_model(saved, path);
  const Tokens source = {kFirstToken, kFirstToken + 3, kFirstToken + 1};
  const heed::Hypothesis alone = model->decode({source}, 5).front();
  CHECK(alone.weights.size(1) == 5);  // the marks too
  const heed::Hypothesis in_batch = model->decode({{kFirstToken}, source}, 5).back();
  CHECK(in_batch.tokens == alone.tokens);
  CHECK(in_batch.weights.size(1) == 5);
}

TEST_CASE("a model that is nearly all embeddings, of a large vocabulary, comes back from its checkpoint") {
  for (const ModelOptions& model :
       {ModelOptions{.attention = "additive", .hidden = 16}, ModelOptions{.cell = "mingru", .hidden = 16},
        ModelOptions{.cell = "transformer", .hidden = 16, .layers = 2}}) {
    const TemporaryFolder folder;
    RunOptions options;
    options.model = model;
    options.data.task = "copy";
    options.data.symbols = 20'000;
    options.data.train_length = {1, 3};
    options.training.batch = 2;
    options.training.steps = 1;
    train(folder.path("run"), 1, false, options);
    const std::string path = folder.path("run/last.npz");
    CHECK_NOTHROW(restore_model(load_run(path), path));
  }
}

TEST_CASE("with a reversed source the map's columns are the places of the source as given") {
  ModelOptions options = {
      .cell = "gru", .attention = "dot", .hidden = 5, .reverse_source = true, .source_marks = false};
  Model model(options, Vocabulary::symbols(4), Vocabulary::symbols(4));
  const Tokens source = {3, 4, 5, 6};
  const heed::Hypothesis given = model.decode({source}, 3).front();
  options.reverse_source = false;
  Model plain(options, Vocabulary::symbols(4), Vocabulary::symbols(4));
  plain.network().load_state_dict(model.network().state_dict());
  const heed::Hypothesis backwards = plain.decode({{6, 5, 4, 3}}, 3).front();
  CHECK(given.tokens == backwards.tokens);
  for (int64_t s = 0; s < 4; ++s) {
    CHECK(given.weights.at({0, s}) == backwards.weights.at({0, 3 - s}));
  }
}

TEST_CASE("a checkpoint that remember did not write is refused with the file's name") {
  const TemporaryFolder folder;
  train(folder.path("run"), 1, false);
  heed::Checkpoint checkpoint = heed::load_checkpoint(folder.path("run/last.npz"));
  const std::string path = folder.path("other.npz");
  const auto refusal = [&](const std::string& configuration) {
    checkpoint.progress.configuration = configuration;
    heed::save_checkpoint(path, checkpoint);
    return message_of<heed::FileError>([&] { load_run(path); });
  };
  for (const char* text : {"", "not json", "{}", "[1]", "{\"format\": 99}", "{\"format\": 1, \"options\": 3}"}) {
    CAPTURE(text);
    CHECK(refusal(text).starts_with(path + ": must be "));
  }
}
