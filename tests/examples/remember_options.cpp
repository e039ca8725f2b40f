// Options, short names of models, and options as JSON.
#include <limits>
#include <set>
#include <sstream>

#include "commands/command_options.h"
#include "commands/config_text.h"
#include "commands/nearest_word.h"
#include "run/model_spec.h"
#include "run/network.h"
#include "run/option_changes.h"
#include "run/options.h"
#include "run/options_json.h"
#include "run/run_option.h"
#include "support/catch.h"
#include "support/message.h"
#include "text/usage_error.h"
#include "text/words.h"

using namespace remember;

TEST_CASE("short names of models are read and written") {
  for (const char* name : {"rnn", "lstm", "gru", "bilstm", "bigru+additive", "lstm+dot", "birnn+general",
                           "bigru+location", "transformer+both-ends", "transformer+none"}) {
    CAPTURE(name);
    CHECK(model_name(parse_model(name, {}, "--models")) == name);
  }
  const ModelOptions model = parse_model("bigru+concat", {.hidden = 7}, "--models");
  CHECK((model.bidirectional && model.cell == "gru" && model.attention == "concat" && model.hidden == 7));
  for (const char* bad : {"", "bi", "lsmt", "lstm+", "lstm+none", "lstm+adittive", "+additive", "BiLSTM", "bibilstm",
                          "transformer+", "transformer+dot", "bitransformer"}) {
    CAPTURE(bad);
    CHECK_THROWS_AS(parse_model(bad, {}, "--models"), UsageError);
  }
}

TEST_CASE("a list has words with commas between them, each once") {
  CHECK(parse_list("a,b", "--x") == std::vector<std::string>{"a", "b"});
  CHECK_THROWS_AS(parse_list("a,,b", "--x"), UsageError);
  CHECK_THROWS_AS(parse_list("", "--x"), UsageError);
  CHECK_THROWS_AS(parse_list("a,b,a", "--x"), UsageError);
  CHECK(parse_list("a, b ,c", "--x") == std::vector<std::string>{"a", "b", "c"});
}

TEST_CASE("seeds are different whole numbers of 64 bits") {
  CHECK(parse_whole_numbers<uint64_t>("1, 18446744073709551615", "--seeds") ==
        std::vector<uint64_t>{1, std::numeric_limits<uint64_t>::max()});
  for (const char* bad : {"", "1,,2", "-1", "1.5", "1e3", "18446744073709551616", "1 2", "0x1"}) {
    CAPTURE(bad);
    CHECK_THROWS_AS(parse_whole_numbers<uint64_t>(bad, "--seeds"), UsageError);
  }
  CHECK(message_of<UsageError>([] { parse_whole_numbers<uint64_t>("1,01", "--seeds"); }) ==
        "--seeds: must be different numbers, got 1 twice");
}

TEST_CASE("two names of one model are one model too many") {
  CHECK(parse_models({"gru", "transformer"}, {}, "--models").size() == 2);
  CHECK(message_of<UsageError>([] {
          parse_models({"transformer", "gru", "transformer+sinusoidal"}, {}, "--models");
        }) == "--models: must be different models, got transformer+sinusoidal twice");
}

TEST_CASE("a model whose attention does not fit its encoder is refused with the reason") {
  const char* reason =
      ": must be one of none, additive, general, concat, location with a bidirectional encoder, whose states are twice "
      "as "
      "wide as the decoder's, got ";
  CHECK(message_of<UsageError>([] { parse_model("bilstm+dot", {}, "--models"); }) ==
        "--models" + std::string(reason) + "'bilstm+dot'");
  RunOptions fixed;
  fixed.model = {.bidirectional = true, .attention = "scaled"};
  CHECK(message_of<UsageError>([&] { validate(fixed); }) == "--attention" + std::string(reason) + "'scaled'");
  CHECK(parse_model("lstm+additive", {.hidden = 0}, "--models").hidden == 0);  // other options have their own messages
}

namespace {

std::vector<ConfigLine> read_lines(const std::string& text) {
  std::istringstream input(text);
  return read_config_lines(input, "f");
}

}  // namespace

TEST_CASE("a value in a configuration file is all that stands behind the equals sign, without blanks and comments") {
  for (const auto& [text, value] :
       std::vector<std::pair<std::string, std::string>>{{"k=0,002", "0,002"},
                                                        {"k = 0.5 0.25  ", "0.5 0.25"},
                                                        {"k=[1, 2]", "[1, 2]"},
                                                        {"k=a=b", "a=b"},
                                                        {"k=a#b;c", "a#b;c"},
                                                        {"k=a # b", "a"},
                                                        {"k=a\t; b", "a"},
                                                        {"k=\" a # b \" # c", " a # b "},
                                                        {"k='\\n\"'", "\\n\""},
                                                        {"k=\"\\\\ \\\" \\n \\t \\r '\"", "\\ \" \n \t \r '"},
                                                        {"k=\"\"", ""},
                                                        {"k=-1\r", "-1"},
                                                        {"k=it's", "it's"}}) {
    CAPTURE(text);
    const std::vector<ConfigLine> lines = read_lines("[s]\n" + text);
    REQUIRE(lines.size() == 2);
    CHECK((lines[1].section == "s" && lines[1].key == "k" && lines[1].number == 2));
    CHECK(lines[1].value == value);
  }
  CHECK(!read_lines("k # b=c")[0].value);
  CHECK(read_lines("\xEF\xBB\xBF[s]\nt.k=1")[0].section == "s");
  CHECK((read_lines("t.k=1")[0].section == "t" && read_lines("t.k=1")[0].key == "k"));
}

TEST_CASE("a value comes back from a configuration file as it was written") {
  for (const std::string value : {"", " ", "plain-1.5e-3/a:b,c", "it's", "\"", "\\", "\\n", "a\nb\r\tc", "# ; =", "[a]",
                                  "\xC3\xA9", "\xFF", "'x'", "\"x\"", "true"}) {
    CAPTURE(value);
    CHECK(read_lines("k=" + config_value(value))[0].value == value);
  }
}

TEST_CASE("the word that was meant is found whatever its case, and nothing is guessed for another") {
  const std::vector<std::string> words = {"lr", "hidden", "train-length"};
  CHECK(did_you_mean(words, "hiddn") == "; did you mean hidden?");
  CHECK(did_you_mean(words, "LR") == "; did you mean lr?");
  CHECK(did_you_mean(words, "Train_Length") == "; did you mean train-length?");
  CHECK(did_you_mean(words, "xy").empty());
  CHECK(did_you_mean(words, "models").empty());
}

namespace {

template <class Change>
std::string refusal(Change change) {
  RunOptions options;
  change(options);
  return message_of<UsageError>([&] { validate(options); });
}

}  // namespace

TEST_CASE("options that make no sense are refused by name") {
  CHECK_NOTHROW(validate(RunOptions()));
  CHECK(refusal([](RunOptions& o) { o.model.hidden = 0; }) ==
        "--hidden: must be a whole number from 1 to 65536, got 0");
  CHECK(refusal([](RunOptions& o) { o.training.learning_rate = std::numeric_limits<double>::quiet_NaN(); }) ==
        "--lr: must be a finite number above 0, got nan");
  CHECK(refusal([](RunOptions& o) { o.model.cell = "conv"; }) ==
        "--encoder: must be one of " + encoder_names() + ", got 'conv'");
  const auto transformer_refusal = [](auto change) {
    return refusal([&](RunOptions& o) {
      o.model.cell = "transformer";
      change(o.model);
    });
  };
  CHECK(transformer_refusal([](ModelOptions& m) { m.positions = "left"; }).starts_with("--positions: must be one of"));
  CHECK(transformer_refusal([](ModelOptions& m) { m.heads = 3; }).starts_with("--hidden: must be a multiple of"));
  CHECK(transformer_refusal([](ModelOptions& m) { m.attention = "dot"; }).starts_with("--attention: must be left out"));
  CHECK(transformer_refusal([](ModelOptions& m) { m.bidirectional = true; }).starts_with("--bidirectional:"));
  CHECK(refusal([](RunOptions& o) { o.data.train_size = -1; }).starts_with("--train-size:"));
  CHECK(refusal([](RunOptions& o) { o.data.grow_lengths = -1; }).starts_with("--grow-lengths:"));
  CHECK(refusal([](RunOptions& o) {
          o.data.task = "bigram-flip";
          o.data.train_length = {5, 5};
        }).starts_with("bigram-flip, lengths: must be multiples of 2"));
  CHECK(refusal([](RunOptions& o) { o.model.attention = "x"; }).starts_with("--attention: must be none or one of"));
  CHECK(
      refusal([](RunOptions& o) { o.data.task = "sing"; }).starts_with("--task: must be one of copy, reverse, redup"));
  CHECK(refusal([](RunOptions& o) { o.data.task = "pairs"; }).starts_with("--data: must be given"));
  CHECK(refusal([](RunOptions& o) { o.data.data = "x"; }).starts_with("--data: must be given with --task pairs only"));
  CHECK(refusal([](RunOptions& o) { o.data.symbols = 1; }).starts_with("--symbols:"));
  CHECK(refusal([](RunOptions& o) { o.model.dropout = 1.1; }).starts_with("--dropout:"));
  CHECK(refusal([](RunOptions& o) { o.training.steps = 0; }).starts_with("--steps:"));
  CHECK(refusal([](RunOptions& o) { o.training.batch = -3; }).starts_with("--batch:"));
  CHECK(refusal([](RunOptions& o) { o.training.clip = 0; }).starts_with("--clip:"));
  CHECK(refusal([](RunOptions& o) { o.training.teacher_forcing = 1.5; }).starts_with("--teacher-forcing:"));
  CHECK(refusal([](RunOptions& o) { o.training.schedule = "step"; }).starts_with("--schedule:"));
}

TEST_CASE("options come back from JSON as they went in") {
  RunOptions options;
  options.model = {.cell = "gru", .bidirectional = true, .attention = "concat", .hidden = 33, .dropout = 0.1};
  options.model.positions = "relative";
  options.model.heads = 3;
  options.model.source_marks = false;
  options.data.train_length = {3, 9};
  options.data.grow_lengths = 5;
  options.training.learning_rate = 0.1234567890123;
  options.training.seed = std::numeric_limits<uint64_t>::max();
  const auto text = nlohmann::ordered_json(options).dump();
  CHECK(nlohmann::ordered_json::parse(text).get<RunOptions>() == options);
  options.data.grow_lengths = 0;
  options.data.train_size = 17;
  CHECK(nlohmann::ordered_json(options).get<RunOptions>() == options);
  CHECK_THROWS_AS(nlohmann::ordered_json::parse("{}").get<RunOptions>(), nlohmann::json::exception);
}

TEST_CASE("each option has its own key, accepts its default, and may be missing in JSON only if it says so") {
  std::set<std::string> keys;
  for (const RunOption& option : run_options()) {
    CAPTURE(option.name, option.key);
    CHECK(option.name.starts_with("--"));
    CHECK(keys.insert(option.group + '.' + option.key).second);
    CHECK_NOTHROW(option.check({}));
    nlohmann::ordered_json json = RunOptions();
    json[option.group].erase(option.key);
    if (option.if_missing) {
      CHECK(value_of(option, json.get<RunOptions>()) == *option.if_missing);
    } else {
      CHECK_THROWS_AS(json.get<RunOptions>(), nlohmann::json::exception);
    }
  }
}

TEST_CASE("options that differ from those of a run are named as on the command line, each once") {
  const RunOptions before;
  RunOptions asked = before;
  CHECK(option_changes(before, asked).empty());
  CHECK_NOTHROW(refuse_changes({}, "there"));
  asked.model.cell = "gru";
  asked.model.hidden = 64;
  asked.model.source_marks = false;
  asked.data.source_tokens = asked.data.target_tokens = "char";
  asked.data.data = "words.tsv";  // the file may have moved
  asked.training.learning_rate = 0.001;
  std::vector<std::string> lines;
  for (const OptionChange& change : option_changes(before, asked)) {
    lines.push_back(change.option + ' ' + change.before + ' ' + change.asked);
  }
  CHECK(lines == std::vector<std::string>{"--tokens auto char", "--encoder lstm gru", "--hidden 128 64",
                                          "--source-marks true false", "--lr 0.002 0.001"});
  asked = before;
  asked.model.hidden = 64;
  CHECK(message_of<UsageError>([&] { refuse_changes(option_changes(before, asked), "there"); }) ==
        "--resume: must be given the options that the run in there was made with, got others\n"
        "  --hidden: 128 in there, 64 asked");
}
