// remember attend: a trained model's output for one input, or its best few, with its attention or, without attention,
// its memory map.
#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <iomanip>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include <heed/tensor/error.h>
#include <heed/tensor/utf8.h>

#include "commands/command_options.h"
#include "commands/commands.h"
#include "data/pairs.h"
#include "data/task.h"
#include "data/token_hash.h"
#include "report/attention_figure.h"
#include "report/attention_text.h"
#include "run/model_spec.h"
#include "run/progress.h"
#include "run/saved_run.h"
#include "text/number.h"
#include "text/usage_error.h"
#include "text/words.h"

namespace remember {

namespace {

struct AttendCommand {
  std::string checkpoint;
  std::string input;
  std::string out;
  int64_t beam = 1;
  int64_t n_best = 1;
  bool memory = false;
};

/// The input as token numbers. Throws UsageError naming the first unknown token.
Tokens read_input(const Model& model, const DataOptions& data, const std::string& input) {
  const bool by_character = reads_characters(data);
  const size_t invalid = heed::find_invalid_utf8(input);
  if (invalid < input.size()) {
    throw UsageError("--input: must be UTF-8, got " + heed::describe_invalid_utf8(input.substr(invalid)));
  }
  const std::vector<std::string> words = heed::split_tokens(input, by_character ? Cut::character : Cut::space);
  require(!words.empty(), "--input", "at least one token", "none");
  const Vocabulary& vocabulary = model.source_vocabulary();
  Tokens tokens = vocabulary.encode(words);
  for (size_t i = 0; i < tokens.size(); ++i) {
    if (tokens[i] == kUnknownToken) {
      const bool run_together = !by_character && words.size() == 1 && words[0].size() > 1;
      throw UsageError("--input: '" + words[i] + "' is not a token of this model, which knows " +
                       vocabulary.describe() + (run_together ? "; tokens are separated by spaces" : ""));
    }
  }
  return tokens;
}

/// ASCII only, under every locale.
bool is_letter_or_digit(char character) {
  return (character >= '0' && character <= '9') || (character >= 'A' && character <= 'Z') ||
         (character >= 'a' && character <= 'z');
}

/// The letters and digits of the input, and a hash of its tokens unless these identify it.
std::string picture_name(const std::vector<std::string>& input) {
  constexpr size_t kLongest = 60;
  std::string name;
  for (const char character : joined(input, "")) {
    name += is_letter_or_digit(character) ? std::string(1, character) : "";
  }
  const bool unique = name.size() == input.size() && name.size() <= kLongest && name == joined(input, "");
  if (unique) {
    return name;
  }
  char hash[9];
  std::snprintf(hash, sizeof hash, "%08x", static_cast<unsigned>(hash_bytes(joined(input)) >> 32));
  return name.substr(0, kLongest) + (name.empty() ? "" : "-") + hash;
}

bool is_picture(const std::filesystem::path& path) { return path.extension() == ".png" || path.extension() == ".svg"; }

void check_out(const std::filesystem::path& out) {
  const bool folder = !out.has_extension() || std::filesystem::is_directory(out);
  require(folder || is_picture(out), "--out", "a .png or .svg file or a folder", "'" + out.string() + "'");
}

/// Path of the figures without extension: --out, or a name from the input in --out or next to the checkpoint.
std::string picture_stem(const AttendCommand& command, const std::vector<std::string>& input, bool remembers) {
  const std::filesystem::path out = command.out;
  if (is_picture(out)) {
    return out.string();
  }
  const std::string name = (remembers ? "memory-" : "attention-") + picture_name(input);
  const std::filesystem::path folder =
      command.out.empty() ? std::filesystem::absolute(command.checkpoint).parent_path() / "figures" : out;
  return (folder / name).string();
}

/// The tokens as --input takes them: characters follow each other, words have spaces between them.
std::string as_given(const std::vector<std::string>& tokens, bool by_character) {
  return joined(tokens, by_character ? "" : " ");
}

/// "(right)" or "(wrong)", for a task with a known answer.
std::string judge(const DataOptions& data, const Tokens& source, const heed::Hypothesis& output) {
  const Task* task = find_task(data.task);
  if (task == nullptr) {
    return "";
  }
  return output.ended && output.tokens == task->answer(source) ? "  (right)" : "  (wrong)";
}

/// An output as one line without its label.
std::string output_line(const Model& model, const DataOptions& data, const Tokens& source, int64_t limit,
                        const heed::Hypothesis& output) {
  const std::vector<std::string> written = model.target_vocabulary().decode(output.tokens);
  return as_given(written, data.task == "pairs" && data.target_tokens == "char") +
         (output.ended ? "" : "  (cut off: no end within " + std::to_string(limit) + " tokens)") +
         judge(data, source, output);
}

/// One line for each output: its place, its score, the output.
void print_n_best(const Model& model, const DataOptions& data, const Tokens& source, int64_t limit,
                  const std::vector<heed::Hypothesis>& outputs) {
  std::cout << '\n' << outputs.size() << " best outputs (natural logarithm of the probability):\n\n";
  for (size_t i = 0; i < outputs.size(); ++i) {
    std::cout << std::setw(4) << i + 1 << std::setw(11) << fixed(outputs[i].score, 4) << "  "
              << output_line(model, data, source, limit, outputs[i]) << '\n';
  }
}

/// A beam that is not given is as wide as the outputs that are asked for.
void settle_beam(AttendCommand& command, bool beam_given) {
  command.beam = beam_given ? command.beam : std::max(command.beam, command.n_best);
  require(command.n_best <= command.beam, "--n-best", "at most --beam, which is " + std::to_string(command.beam),
          std::to_string(command.n_best));
}

int attend(AttendCommand& command) {
  check_out(command.out);
  command.checkpoint = checkpoint_file(command.checkpoint, kBestCheckpoint);
  const SavedRun run = load_run(command.checkpoint);
  const std::unique_ptr<Model> model = restore_model(run, command.checkpoint);
  const DataOptions& data = run.description.options.data;
  const Tokens source = read_input(*model, data, command.input);
  say_threads();
  const int64_t limit = default_limit(static_cast<int64_t>(source.size()));
  const std::vector<heed::Hypothesis> outputs = model->decode_n_best(source, limit, command.beam, command.n_best);
  const heed::Hypothesis& output = outputs.front();
  const std::vector<std::string> input = model->source_vocabulary().decode(source);
  std::cout << "input:  " << as_given(input, reads_characters(data)) << '\n'
            << "output: " << output_line(*model, data, source, limit, output) << '\n';
  if (command.n_best > 1) {
    print_n_best(*model, data, source, limit, outputs);
  }
  const bool remembers = command.memory || !model->attends();
  const AttentionPicture picture = remembers ? make_memory_picture(*model, data, source, output)
                                             : make_attention_picture(*model, data, source, output);
  std::cout << '\n'
            << (remembers ? "memory map: |d loss at an output / d embedding of an input|, rows divided by their sums"
                          : "attention weights")
            << " (columns: input, rows: output, largest in brackets):\n\n"
            << attention_text(picture.source, picture.output, picture.weights) << '\n';
  for (const std::string& file : draw_attention({picture}, picture_stem(command, input, remembers))) {
    std::cout << "figure: " << file << '\n';
  }
  return 0;
}

}  // namespace

Command add_attend(CLI::App& program) {
  CLI::App* app = program.add_subcommand("attend", "Decode one input, and draw the attention or the memory map");
  const auto command = std::make_shared<AttendCommand>();
  add_trained_model(*app, command->checkpoint, command->beam);
  app->add_option("--input", command->input, "The tokens of the input, as in the training data: \"a b c d\"")
      ->type_name("TEXT")
      ->required();
  app->add_option("--out", command->out,
                  "A .png or .svg file, or a folder for both; default: figures/ next to the checkpoint")
      ->check(some_text())
      ->type_name("DIR|FILE");
  add_number(*app, "--n-best", command->n_best,
             "Outputs of beam search to print, with their scores; --beam is as large where it is not given")
      ->check(between(1, 1000));
  add_switch(*app, "--memory", command->memory,
             "Draw the memory map (how much of each input token the model remembers), not the attention; always "
             "without attention");
  add_threads(*app);
  app->footer("Example:\n  remember attend --checkpoint reversed/best.npz --input \"a b c d e\"");
  return {app, [app, command] {
            settle_beam(*command, app->count("--beam") > 0);
            return attend(*command);
          }};
}

}  // namespace remember
