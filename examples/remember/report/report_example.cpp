// Examples for reports: see report_example.h.
#include "report/report_example.h"

#include <algorithm>

#include <heed/tensor/view.h>

#include "data/task.h"
#include "report/attention_figure.h"
#include "run/data_source.h"
#include "run/memory_map.h"
#include "text/words.h"

namespace remember {

namespace {

constexpr size_t kPairsExamples = 6;

bool shorter(const LengthRange& a, const LengthRange& b) { return a.max < b.max; }

/// The shortest, the longest within the training lengths, and the shortest above them; of none, the training lengths.
std::vector<LengthRange> lengths_to_show(std::vector<LengthRange> lengths, const LengthRange& trained) {
  const int64_t longest_trained = trained.max;
  std::erase_if(lengths, [](const LengthRange& length) { return length.max > kLongestMap; });
  if (lengths.empty() && trained.min <= kLongestMap) {
    lengths = {{trained.min, std::min(trained.max, kLongestMap)}};  // all tested lengths are too long for a map
  }
  std::stable_sort(lengths.begin(), lengths.end(), shorter);
  lengths.erase(std::unique(lengths.begin(), lengths.end()), lengths.end());
  const auto beyond = std::find_if(lengths.begin(), lengths.end(),
                                   [&](const LengthRange& length) { return length.max > longest_trained; });
  std::vector<LengthRange> chosen;
  if (beyond != lengths.begin()) {
    chosen.push_back(lengths.front());
    if (beyond - lengths.begin() > 1) {
      chosen.push_back(*(beyond - 1));
    }
  }
  if (beyond != lengths.end()) {
    chosen.push_back(*beyond);
  }
  return chosen;
}

std::vector<ExampleProblem> task_examples(const std::vector<ShownModel>& models,
                                          const std::vector<LengthRange>& lengths) {
  const DataOptions& data = models.front().options.data;
  std::vector<ExampleProblem> examples;
  for (const LengthRange& length : lengths_to_show(lengths, data.train_length)) {
    const bool longer = length.max > data.train_length.max;
    examples.push_back({data.task + ", length " + to_string(length) + (longer ? ", longer than in training" : ""),
                        shown_problem(models, length)});
  }
  return examples;
}

std::vector<ExampleProblem> pairs_examples(RunOptions options) {
  const auto dataset = open_dataset(options);
  std::vector<Problem> problems = dataset->validation();
  std::erase_if(problems, [](const Problem& problem) {
    return static_cast<int64_t>(problem.source.size()) > kLongestMap ||
           std::count(problem.source.begin(), problem.source.end(), kUnknownToken) > 0;
  });
  const size_t count = std::min(kPairsExamples, problems.size());
  std::vector<ExampleProblem> examples;
  for (size_t i = 0; i < count; ++i) {
    Problem& problem = problems[(2 * i + 1) * problems.size() / (2 * count)];
    const auto tokens = dataset->source_vocabulary().decode(problem.source);
    examples.push_back({joined(tokens, options.data.source_tokens == "char" ? "" : " "), std::move(problem)});
  }
  return examples;
}

/// The tokens of the answer; empty for an answer with unknown tokens.
std::vector<std::string> answer_text(const Tokens& answer, const Vocabulary& vocabulary) {
  if (std::count(answer.begin(), answer.end(), kUnknownToken) > 0) {
    return {};
  }
  Tokens tokens = answer;
  tokens.push_back(kEndToken);
  return vocabulary.decode(tokens);
}

/// Empty if there is none. `first_column`: the column of the source's first token in the maps.
std::vector<std::vector<int64_t>> known_alignment(const DataOptions& data, const Tokens& source, int64_t first_column) {
  const Task* task = find_task(data.task);
  std::vector<std::vector<int64_t>> columns;
  for (const int64_t place : task != nullptr ? task->alignment(source) : Places()) {
    columns.push_back({place + first_column});
  }
  if (!columns.empty()) {
    columns.emplace_back();  // the end token has no source token
  }
  return columns;
}

ReportOutput output_of(const ShownModel& shown, const Problem& problem) {
  Model& model = *shown.model;
  const int64_t limit = default_limit(static_cast<int64_t>(problem.source.size()));
  const heed::Hypothesis written = model.decode({problem.source}, limit).front();
  const AttentionPicture picture = make_attention_picture(model, shown.options.data, problem.source, written);
  ReportOutput output;
  output.model = shown.name;
  output.tokens = picture.output;
  output.wrong = picture.wrong;
  output.right = score_output(written, problem).exact == 1;
  output.weights = picture.weights;
  output.memory =
      heed::narrow(memory_map(model, problem.source, written.tokens), 0, 0, static_cast<int64_t>(output.tokens.size()));
  return output;
}

}  // namespace

std::vector<ExampleProblem> example_problems(const std::vector<ShownModel>& models,
                                             const std::vector<LengthRange>& lengths) {
  const RunOptions& options = models.front().options;
  return options.data.task == "pairs" ? pairs_examples(options) : task_examples(models, lengths);
}

ReportExample report_example(const ExampleProblem& example, const std::vector<ShownModel>& models) {
  const Model& first = *models.front().model;
  ReportExample report;
  report.title = example.title;
  report.source = first.source_vocabulary().decode(first.shown_source(example.problem.source));
  report.answer = answer_text(example.problem.answers.front(), first.target_vocabulary());
  report.alignment =
      known_alignment(models.front().options.data, example.problem.source, first.options().source_marks ? 1 : 0);
  for (const ShownModel& model : models) {
    report.outputs.push_back(output_of(model, example.problem));
  }
  return report;
}

}  // namespace remember
