// remember: shows what sequence models remember, with attention and without. Each command is in commands/.
#include <algorithm>
#include <exception>
#include <iostream>
#include <memory>
#include <new>
#include <string>
#include <vector>

#include <heed/tensor/error.h>
#include <heed/tensor/parallel.h>
#include <heed/tensor/simd.h>
#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "commands/commands.h"
#include "commands/config_file.h"
#include "commands/help_text.h"
#include "commands/nearest_word.h"
#include "standard_streams.h"
#include "system/interrupt.h"
#include "text/terminal_text.h"
#include "text/usage_error.h"

namespace remember {

namespace {

constexpr int kFailed = 1;
constexpr int kUsage = 2;

constexpr const char* kDescription =
    "remember trains small sequence-to-sequence models and measures what they remember. A model that encodes its input "
    "as one fixed-length vector forgets long inputs; a model with attention does not. Tasks with a known answer (copy "
    "a string, reverse it) show this in tables and figures.";

constexpr const char* kExamples = R"(Examples:
  remember demo --out demo
      train two models to their plateau in three minutes and compare them
  remember train --task reverse --attention additive --bidirectional \
      --out reversed
      train one model, with checkpoints and measurements in the folder reversed
  remember attend --checkpoint reversed/best.npz --input "a b c d e"
      decode one input, and draw the attention
  remember compare --task reverse,copy --models lstm,lstm+additive \
      --test-length 5,10,20,40 --out compared
      train several models and compare them by length
  remember capacity --models rnn,lstm --hidden 16,32,64 --out capacity
      measure how long an input models of several sizes remember
  remember train --task pairs --data words.tsv.gz --attention additive \
      --bidirectional --out words
      train on your own file, one pair per line: source TAB target
  remember reproduce uva --out uva
      reproduce a published experiment, and compare with its figures

remember COMMAND --help lists a command's options.
Exit status: 0; 1 for a failure; 2 for wrong usage; 130, 143 or 129 when
interrupted by Ctrl-C, SIGTERM or SIGHUP (the first saves the state, and
--resume goes on; a second Ctrl-C ends at once).)";

/// "; did you mean --hidden?", or empty.
std::string nearest_option(const CLI::App& app, const std::string& word) {
  std::vector<std::string> names;
  for (const CLI::Option* option : app.get_options()) {
    for (const std::string& name : option->get_lnames()) {
      names.push_back("--" + name);
    }
  }
  return did_you_mean(names, word.substr(0, word.find('=')));
}

std::string nearest_command(const CLI::App& program, const std::string& word) {
  std::vector<std::string> names;
  for (const CLI::App* command : program.get_subcommands([](const CLI::App*) { return true; })) {
    names.push_back(command->get_name());
  }
  return did_you_mean(names, word);
}

const CLI::App* chosen_command(const CLI::App& program) {
  const auto commands = program.get_subcommands();
  return commands.empty() ? &program : commands.front();
}

/// The option at the start of a message.
std::string option_in(const std::string& message) { return message.substr(0, message.find_first_of(": ")); }

/// Prints the message, with file and line if it is about a value from a file.
int usage_failure(const CLI::App& program, std::string message) {
  const CLI::App* command = chosen_command(program);
  if (const auto file = std::dynamic_pointer_cast<ConfigFile>(program.get_config_formatter())) {
    message.insert(0, file->place_of(option_in(message)));
  }
  if (!message.empty() && message.back() == '\n') {
    message.pop_back();
  }
  std::cerr << "remember: " << message
            << "\nremember: " << (command == &program ? "remember" : "remember " + command->get_name())
            << " --help lists the " << (command == &program ? "commands" : "options") << '\n';
  return kUsage;
}

int extras_failure(const CLI::App& program) {
  const CLI::App* command = chosen_command(program);
  const std::vector<std::string> extras = program.remaining(true);
  const std::string word = extras.empty() ? "" : extras.front();
  if (command == &program && !word.starts_with('-')) {
    return usage_failure(program, "there is no command '" + word + "'" + nearest_command(program, word));
  }
  return usage_failure(program, (word.starts_with('-') ? "there is no option '" : "unexpected argument '") + word +
                                    "'" + nearest_option(*command, word));
}

int run(CLI::App& program, const std::vector<Command>& commands) {
  for (const Command& command : commands) {
    if (command.app->parsed()) {
      examples::let_writes_fail();
      const int status = command.run();
      if (status == 0 && !examples::close_standard_output()) {
        std::cerr << "remember: the standard output cannot be written\n";
        return kFailed;
      }
      return status;
    }
  }
  std::cout << program.help();
  return std::cout.flush() ? 0 : kFailed;
}

/// What is wrong with HEED_SIMD or HEED_NUM_THREADS; empty if nothing is.
std::string environment_fault() {
  try {
    heed::simd_target();
    heed::num_threads();
  } catch (const heed::Error& error) {
    return error.what();
  }
  return "";
}

/// The first option that ends with =: CLI11 would take the next argument for its value. Empty if there is none.
std::string option_without_value(int argc, char** argv) {
  for (const std::string& argument : std::vector<std::string>(argv + 1, argv + std::max(argc, 1))) {
    if (argument == "--") {
      break;
    }
    if (argument.starts_with("--") && argument.find('=') == argument.size() - 1) {
      return argument.substr(0, argument.size() - 1);
    }
  }
  return "";
}

int guarded_main(int argc, char** argv) {
  if (const std::string fault = environment_fault(); !fault.empty()) {
    std::cerr << "remember: " << fault << '\n';
    return kUsage;
  }
  CLI::App program(kDescription, "remember");
  program.formatter_fn(help_text);
  program.set_version_flag("--version", "remember " HEED_VERSION, "Show the version");
  program.set_help_flag("--help,-h", "Show this help");
  program.require_subcommand(0, 1);
  program
      .set_config("--config", "",
                  "Read options from this file: a section per command, [train], with lines such as hidden=64")
      ->check(readable_file())
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)  // ConfigFile refuses two
      ->type_name("FILE");
  program.config_formatter(std::make_shared<ConfigFile>(program));
  program.fallthrough();
  program.option_defaults()->multi_option_policy(CLI::MultiOptionPolicy::TakeLast);
  const std::vector<Command> commands = {add_demo(program),     add_train(program),    add_compare(program),
                                         add_capacity(program), add_attend(program),   add_evaluate(program),
                                         add_cost(program),     add_reproduce(program)};
  program.footer(kExamples);
  if (const std::string option = option_without_value(argc, argv); !option.empty()) {
    return usage_failure(program, option + ": must be given a value after =, got none");
  }
  try {
    program.parse(argc, argv);
    return run(program, commands);
  } catch (const CLI::ExtrasError&) {
    return extras_failure(program);
  } catch (const CLI::Success& wanted) {  // --help, --version
    program.exit(wanted);
    return std::cout.flush() ? 0 : kFailed;
  } catch (const CLI::ArgumentMismatch& error) {
    const std::string message = error.what();
    return usage_failure(
        program, message.ends_with(" missing") ? option_in(message) + ": must be given a value, got none" : message);
  } catch (const CLI::RequiredError& error) {
    return usage_failure(program, option_in(error.what()) + ": must be given, got nothing");
  } catch (const CLI::ParseError& error) {
    return usage_failure(program, error.what());
  } catch (const UsageError& error) {
    return usage_failure(program, error.what());
  }
}

}  // namespace

}  // namespace remember

int main(int argc, char** argv) {
  examples::open_standard_streams();
  const remember::TerminalText output(std::cout), errors(std::cerr);
  try {
    return remember::guarded_main(argc, argv);
  } catch (const remember::Interrupted&) {
    std::cerr << "remember: interrupted\n";
    return remember::interrupt_status();
  } catch (const std::bad_alloc&) {
    std::cerr << "remember: out of memory\n";
  } catch (const std::exception& error) {
    std::cerr << "remember: " << error.what() << '\n';
  }
  return remember::kFailed;
}
