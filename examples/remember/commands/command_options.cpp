// Options that several commands have: see command_options.h.
#include "commands/command_options.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <filesystem>
#include <iostream>

#include <heed/tensor/parallel.h>

#include "run/run_option.h"
#include "text/usage_error.h"
#include "text/words.h"

namespace remember {

namespace {

/// Adds an option of a run to a command, by the type of its member.
struct AddRunOption {
  CLI::App& app;
  const RunOption& option;
  RunOptions& options;

  CLI::Option* operator()(bool* value) const {
    const std::string off = *value ? ",!--no-" + option.name.substr(2) : "";
    return add_switch(app, option.name + off, *value, option.help);
  }
  CLI::Option* operator()(LengthRange* value) const {
    return add_parsed(app, option.name, *value, to_string(*value), parse_length_range, option.help);
  }
  CLI::Option* operator()(std::string* value) const {
    if (option.value_name == "FILE") {
      return add_file(app, option.name, *value, option.help);
    }
    const auto set = [name = option.name, &run = options](const std::string& text) {
      for (const RunOption& entry : run_options()) {
        if (entry.name == name) {
          *std::get<std::string*>(entry.member(run)) = text;
        }
      }
    };
    return app.add_option_function<std::string>(option.name, set, option.help)->default_str(*value);
  }
  template <class Number>
  CLI::Option* operator()(Number* value) const {
    return add_number(app, option.name, *value, option.help);
  }
};

}  // namespace

void add_run_options(CLI::App& app, RunOptions& options, OptionsOf command) {
  for (const RunOption& option : run_options()) {
    const bool is_there =
        command == OptionsOf::train || (option.in_compare && (command == OptionsOf::compare || option.in_capacity));
    if (option.help.empty() || !is_there) {
      continue;
    }
    CLI::Option* added = std::visit(AddRunOption{app, option, options}, option.member(options));
    std::string heading = option.group;
    heading.front() = static_cast<char>(heading.front() - 'a' + 'A');
    added->group(heading);
    if (!option.value_name.empty()) {
      added->type_name(option.value_name);
    }
  }
}

CLI::Option* add_seeds(CLI::App& app, std::vector<uint64_t>& seeds, const std::string& usual) {
  return add_parsed(app, "--seeds", seeds, usual, parse_whole_numbers<uint64_t>,
                    "Seeds: each model is trained once with each of them")
      ->transform(without_blanks())
      ->type_name("N,…");
}

void add_minutes(CLI::App& app, const std::string& names, double& minutes, const std::string& help) {
  const auto check = [](std::string& text) {
    double value = 0;
    const bool good = CLI::detail::lexical_cast(text, value) && std::isfinite(value) && value >= 0;
    return good ? std::string() : "must be a number of at least 0, got " + text;
  };
  add_number(app, names, minutes, help)->check(CLI::Validator(check, ""));
}

void add_trials_options(CLI::App& app, TrialsOptions& options, const std::string& minutes) {
  add_number(app, "--jobs", options.jobs, "Runs to train at once; 0: as many as there are threads")
      ->check(between(0, 1024));
  add_minutes(app, minutes, options.minutes,
              "Time limit for all runs together; those that it cuts off are marked. 0: none");
}

CLI::Option* add_count(CLI::App& app, int64_t& count, const std::string& help) {
  return add_number(app, "--count", count, help)->check(between(1, 1'000'000));
}

void add_trained_model(CLI::App& app, std::string& checkpoint, int64_t& beam) {
  app.add_option("--checkpoint", checkpoint, "File that train wrote, such as best.npz, or its folder")
      ->check(some_text())
      ->type_name("FILE|DIR")
      ->required();
  add_number(app, "--beam", beam, "Hypotheses that beam search keeps; 1: greedy search")->check(between(1, 1000));
}

void add_threads(CLI::App& app) {
  const auto set = [](int64_t count) { heed::set_num_threads(static_cast<int>(count)); };
  add_number(app, "--threads", set, "Threads to use; results do not depend on it")
      ->check(between(1, 1024))
      ->default_str("all cores");
}

template <class Number>
std::vector<Number> parse_whole_numbers(const std::string& text, const std::string& option) {
  std::vector<Number> numbers;
  for (const std::string& word : split_list(text)) {
    Number number = 0;
    const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), number);
    require(error == std::errc() && end == word.data() + word.size(), option, "whole numbers with commas between them",
            "'" + text + "'");
    require(std::find(numbers.begin(), numbers.end(), number) == numbers.end(), option, "different numbers",
            std::to_string(number) + " twice");
    numbers.push_back(number);
  }
  return numbers;
}
template std::vector<int64_t> parse_whole_numbers<int64_t>(const std::string&, const std::string&);
template std::vector<uint64_t> parse_whole_numbers<uint64_t>(const std::string&, const std::string&);

void require_still_there(const std::string& path, const std::string& option) {
  const bool is_there = path.empty() || std::filesystem::is_regular_file(path);
  require(is_there, option, "given with --resume, which needs the data that the run began with", path + ", no file");
}

void note_unused(const CLI::App& app, const std::string& option, const std::string& where, bool quiet) {
  const CLI::Option* found = app.get_option_no_throw(option);
  if (quiet || found == nullptr || found->count() == 0) {
    return;
  }
  const bool is_flag = found->get_expected_min() == 0;
  const auto value = found->as<std::string>();
  if (value != (is_flag ? "false" : found->get_default_str())) {
    std::cerr << "remember: " << option << (is_flag ? "" : ' ' + value) << " has no effect " << where << '\n';
  }
}

void note_unused(const CLI::App& app, const std::vector<RunOptions>& runs, bool quiet) {
  for (const RunOption& option : run_options()) {
    const bool is_used =
        std::any_of(runs.begin(), runs.end(), [&](const RunOptions& run) { return option.use.has_effect(run); });
    if (!is_used && !option.help.empty()) {
      note_unused(app, option.name, option.use.otherwise, quiet);
    }
  }
}

void note_too_late(const CLI::App& app, const RunOptions& run, bool quiet) {
  const TrainingOptions& training = run.training;
  const auto note = [&](const std::string& option, int64_t steps, const std::string& consequence) {
    if (!quiet && app.count(option) > 0 && steps > most_steps(training)) {
      std::cerr << "remember: " << option << ' ' << steps << " is more than " << steps_option(training) << ' '
                << most_steps(training) << ": " << consequence << '\n';
    }
  };
  note("--warmup", training.warmup, "the learning rate never comes to --lr");
  if (run.data.task != "pairs") {
    note("--grow-lengths", run.data.grow_lengths, "the longest inputs are never trained on");
  }
}

}  // namespace remember
