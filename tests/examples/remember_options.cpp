// Options, short names of models, and options as JSON.
#include <limits>

#include "run/model_spec.h"
#include "run/option_changes.h"
#include "run/options.h"
#include "run/options_json.h"
#include "support/catch.h"
#include "support/message.h"
#include "usage_error.h"

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
        "--encoder: must be one of rnn, lstm, gru, transformer, got 'conv'");
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
  CHECK(refusal([](RunOptions& o) { o.model.dropout = 1; }).starts_with("--dropout:"));
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

TEST_CASE("options that differ from those of a run are named as on the command line, each once") {
  const RunOptions before;
  RunOptions asked = before;
  CHECK(option_changes(before, asked).empty());
  CHECK_NOTHROW(require_unchanged(before, asked, "there"));
  asked.model.cell = "gru";
  asked.model.hidden = 64;
  asked.model.source_marks = false;
  asked.data.source_tokens = asked.data.target_tokens = "char";
  asked.data.data = "words.tsv";
  asked.training.learning_rate = 0.001;
  std::vector<std::string> lines;
  for (const OptionChange& change : option_changes(before, asked)) {
    lines.push_back(change.option + ' ' + change.before + ' ' + change.asked);
  }
  CHECK(lines == std::vector<std::string>{"--encoder lstm gru", "--hidden 128 64", "--source-marks true false",
                                          "--data '' words.tsv", "--tokens auto char", "--lr 0.002 0.001"});
  asked = before;
  asked.model.hidden = 64;
  CHECK(message_of<UsageError>([&] { require_unchanged(before, asked, "there"); }) ==
        "--resume: must be given the options that the run in there was made with, got others\n"
        "  --hidden: 128 in there, 64 asked");
}
