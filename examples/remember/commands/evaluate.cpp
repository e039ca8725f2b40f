// remember evaluate: measures a trained model.
#include <iostream>
#include <memory>
#include <string>

#include <heed/tensor/error.h>
#include <heed/tensor/file.h>

#include "commands/command_options.h"
#include "commands/commands.h"
#include "data/pairs_data.h"
#include "data/task_data.h"
#include "report/table.h"
#include "run/model_spec.h"
#include "run/output_folder.h"
#include "run/progress.h"
#include "run/run_result.h"
#include "run/saved_run.h"
#include "system/interrupt.h"
#include "text/number.h"
#include "text/usage_error.h"

namespace remember {

namespace {

struct EvaluateCommand {
  std::string checkpoint;
  std::string data;
  std::string test_lengths;
  std::string json;
  int64_t count = 500;
  int64_t beam = 1;
};

/// A row of the table.
struct Measured {
  std::string length;
  Evaluation evaluation;
};

std::vector<Measured> measure_pairs(Model& model, const DataOptions& data, const EvaluateCommand& command) {
  require(!command.data.empty(), "--data", "given for a model trained on pairs", "nothing");
  require(command.test_lengths.empty(), "--test-length", "left out for a model trained on pairs", command.test_lengths);
  watch_for_interrupt();
  const PairsText text = heed::read_pair_lines(command.data, stop_if_interrupted);
  stop_if_interrupted();
  stop_watching_for_interrupt();
  const Pairs pairs =
      cut_pairs(text, parse_cut(data.source_tokens, "--tokens"), parse_cut(data.target_tokens, "--tokens"));
  const auto problems = as_problems(pairs, model.source_vocabulary(), model.target_vocabulary());
  return {{"all", evaluate(model.decoder(command.beam), problems)}};
}

std::vector<Measured> measure_task(Model& model, const DataOptions& data, const EvaluateCommand& command) {
  require(command.data.empty(), "--data", "left out for a model trained on a task", command.data);
  const Task& task = *find_task(data.task);
  const std::string lengths = command.test_lengths.empty() ? to_string(data.train_length) : command.test_lengths;
  std::vector<Measured> rows;
  for (const LengthRange& length : parse_length_ranges(lengths, "--test-length")) {
    const auto problems = task_problems(task, data.symbols, length, Part::test, command.count);
    rows.push_back({to_string(length), evaluate(model.decoder(command.beam), problems)});
  }
  return rows;
}

void print_rows(const std::vector<Measured>& rows, bool is_pairs) {
  Table table(
      {"length", "tests", "exact", "tokens", "prefix", is_pairs ? "words wrong" : "outputs wrong", "tokens wrong"});
  const auto add = [&table](const std::string& name, const Score& score) {
    table.add_row({name, grouped(score.problems), percent(score.exact_rate()), percent(score.token_rate()),
                   percent(score.prefix_rate()), percent(1 - score.exact_rate()),
                   fixed(100 * score.edit_rate(), 1) + " %"});
  };
  for (const Measured& row : rows) {
    if (row.evaluation.by_length.size() > 1) {
      for (const auto& [length, score] : row.evaluation.by_length) {
        add(std::to_string(length), score);
      }
    }
    add(row.length, row.evaluation.total);
  }
  std::cout
      << table.text()
      << "exact: outputs right in full, free-running; tokens: positions that are right; prefix: share before the first "
         "error;\ntokens wrong: edits per token of the nearest right answer\n";
  for (const Measured& row : rows) {
    if (row.evaluation.unreadable > 0) {
      std::cout << grouped(row.evaluation.unreadable)
                << " sources have a token that the model has never seen; they count as wrong\n";
    }
  }
}

void write_json(const std::string& path, const std::vector<Measured>& rows, const SavedRun& run, int64_t beam) {
  nlohmann::ordered_json json = {{"model", model_name(run.description.options.model)},
                                 {"task", run.description.options.data.task},
                                 {"step", run.checkpoint.progress.step},
                                 {"beam", beam},
                                 {"scores", nlohmann::ordered_json::array()}};
  for (const Measured& row : rows) {
    nlohmann::ordered_json entry = row.evaluation.total;
    entry["length"] = row.length;
    entry["by_length"] = nlohmann::ordered_json::object();
    for (const auto& [length, score] : row.evaluation.by_length) {
      entry["by_length"][std::to_string(length)] = score;
    }
    json["scores"].push_back(std::move(entry));
  }
  heed::write_file(path, json.dump(1) + '\n');
}

int evaluate_checkpoint(const CLI::App& app, const EvaluateCommand& command) {
  const std::string checkpoint = checkpoint_file(command.checkpoint, kBestCheckpoint);
  if (!command.json.empty()) {
    require_other_file("--json", command.json, checkpoint);
    require_other_file("--json", command.json, command.data);
    require_writable(command.json);
  }
  const SavedRun run = load_run(checkpoint);
  const std::unique_ptr<Model> model = restore_model(run, checkpoint);
  const DataOptions& data = run.description.options.data;
  const bool is_pairs = data.task == "pairs";
  say_threads();
  if (is_pairs) {
    note_unused(app, "--count", "for a model trained on pairs", false);
  }
  const auto rows = is_pairs ? measure_pairs(*model, data, command) : measure_task(*model, data, command);
  std::cout << model_name(model->options()) << " on " << data.task << ", step " << run.checkpoint.progress.step
            << (command.beam > 1 ? ", beam " + std::to_string(command.beam) : ", greedy") << "\n\n";
  print_rows(rows, is_pairs);
  if (!command.json.empty()) {
    write_json(command.json, rows, run, command.beam);
  }
  return 0;
}

}  // namespace

Command add_evaluate(CLI::App& program) {
  CLI::App* app = program.add_subcommand("evaluate", "Measure a trained model on data it has not seen");
  const auto command = std::make_shared<EvaluateCommand>();
  add_trained_model(*app, command->checkpoint, command->beam);
  app->add_option("--data", command->data, "For a model of pairs: file of test pairs")->type_name("FILE");
  app->add_option("--test-length", command->test_lengths,
                  "For a model of a task: lengths to test at, each N or MIN:MAX; default: the training lengths")
      ->type_name("RANGE,…");
  add_count(*app, command->count, "For a model of a task: tests per length");
  app->add_option("--json", command->json, "Also write the measurements to this file")
      ->check(some_text())
      ->type_name("FILE");
  add_threads(*app);
  app->footer("Example:\n  remember evaluate --checkpoint reversed/best.npz --test-length 5,10,20,40");
  return {app, [app, command] { return evaluate_checkpoint(*app, *command); }};
}

}  // namespace remember
