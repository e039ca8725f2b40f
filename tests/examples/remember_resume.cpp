// What --resume gives a command back: every option but those of one call.
#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include <heed/tensor/parallel.h>
#include <CLI/CLI.hpp>

#include "commands/commands.h"
#include "commands/kept_options.h"
#include "support/catch.h"
#include "support/message.h"
#include "support/temporary_folder.h"
#include "text/usage_error.h"

using namespace remember;

namespace {

/// A value for each option that is kept, other than its usual one.
const std::map<std::string, std::string> kOther = {{"name", "wang"},
                                                   {"--attention", "dot"},
                                                   {"--batch", "3"},
                                                   {"--bidirectional", "true"},
                                                   {"--checkpoint-every", "7"},
                                                   {"--clip", "0.5"},
                                                   {"--count", "9"},
                                                   {"--data", "/a b/it's \"x\\y\".tsv"},
                                                   {"--detect-anomaly", "true"},
                                                   {"--dropout", "0.1"},
                                                   {"--embedding", "5"},
                                                   {"--encoder", "gru"},
                                                   {"--grow-lengths", "4"},
                                                   {"--heads", "2"},
                                                   {"--hidden", "16"},
                                                   {"--jobs", "2"},
                                                   {"--keep", "3"},
                                                   {"--label-smoothing", "1e-05"},
                                                   {"--layers", "2"},
                                                   {"--lr", "0.1234567890123"},
                                                   {"--match-parameters", "true"},
                                                   {"--max-steps", "77"},
                                                   {"--minutes", "0.25"},
                                                   {"--models", "gru,bilstm+concat"},
                                                   {"--patience", "3"},
                                                   {"--positions", "relative"},
                                                   {"--reverse-source", "true"},
                                                   {"--schedule", "constant"},
                                                   {"--seed", "18446744073709551615"},
                                                   {"--seeds", "3,4"},
                                                   {"--source-marks", "false"},
                                                   {"--steps", "11"},
                                                   {"--symbols", "6"},
                                                   {"--task", "sort"},
                                                   {"--teacher-forcing", "0.75"},
                                                   {"--test", "/t.tsv"},
                                                   {"--test-length", "2,3:4"},
                                                   {"--threads", "3"},
                                                   {"--tokens", "char"},
                                                   {"--train-length", "2:4"},
                                                   {"--train-size", "8"},
                                                   {"--until", "plateau"},
                                                   {"--valid", "/v # w.tsv"},
                                                   {"--valid-every", "13"},
                                                   {"--warmup", "2"}};
const std::vector<std::string> kOfOneCall = {"--help", "--out", "--resume", "--force", "--quiet", "--stop-at"};

/// A command, given options.
struct Given {
  CLI::App program;
  Command command;
  Given(Command (*add)(CLI::App&), std::vector<std::string> arguments) {
    program.option_defaults()->multi_option_policy(CLI::MultiOptionPolicy::TakeLast);
    command = add(program);
    arguments.insert(arguments.begin(), command.app->get_name());
    if (command.app->get_name() == "reproduce" && (arguments.size() == 1 || arguments[1].starts_with('-'))) {
      arguments.insert(arguments.begin() + 1, "uva");
    }
    if (command.app->get_name() != "train") {
      arguments.insert(arguments.end(), {"--out", "x"});
    }
    std::reverse(arguments.begin(), arguments.end());
    program.parse(arguments);
  }
  std::string value(const std::string& option) const { return command.app->get_option(option)->as<std::string>(); }
};

std::vector<std::string> given(const std::string& option, const std::string& value) {
  return option.starts_with('-') ? std::vector<std::string>{option + '=' + value} : std::vector<std::string>{value};
}

}  // namespace

TEST_CASE("--resume gives back every option of a command but those of one call, and refuses another value") {
  const int threads = heed::num_threads();
  for (const auto add : {add_train, add_compare, add_reproduce, add_demo}) {
    const Given nothing(add, {});
    for (const CLI::Option* option : nothing.command.app->get_options()) {
      const std::string name = option->get_name();
      CAPTURE(name);
      if (!is_kept(*option)) {
        CHECK(std::find(kOfOneCall.begin(), kOfOneCall.end(), name) != kOfOneCall.end());
        continue;
      }
      REQUIRE(kOther.count(name) == 1);
      const bool usual_is_other = option->get_default_str() == kOther.at(name);
      const std::string value = usual_is_other && name == "--until" ? "steps" : kOther.at(name);
      const TemporaryFolder folder;
      keep_options(*Given(add, given(name, value)).command.app, folder.path());
      heed::set_num_threads(1);
      // the name of a reproduction must be given
      const Given resumed(add, name == "name" ? given(name, value) : std::vector<std::string>());
      restore_options(*resumed.command.app, folder.path(), {"--threads"});
      CHECK(resumed.value(name) == value);
      CHECK(heed::num_threads() == (name == "--threads" ? 3 : 1));
      keep_options(*resumed.command.app, folder.path());
      CHECK_NOTHROW(restore_options(*Given(add, given(name, value)).command.app, folder.path(), {}));
      const TemporaryFolder usual;
      keep_options(*nothing.command.app, usual.path());
      const std::string refusal = message_of<UsageError>(
          [&] { restore_options(*Given(add, given(name, value)).command.app, usual.path(), {}); });
      CHECK(refusal.find("  " + name + ": ") != std::string::npos);
      CHECK(refusal.find(", " + value + " asked") != std::string::npos);
    }
  }
  heed::set_num_threads(threads);
}
