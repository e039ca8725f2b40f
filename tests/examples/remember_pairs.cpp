// Files of pairs: reading, errors, batches, what is held out.
#include <zlib.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <memory>
#include <set>

#include <heed/tensor/error.h>

#include "data/pairs.h"
#include "data/pairs_data.h"
#include "run/data_source.h"
#include "run/option_changes.h"
#include "run/options_json.h"
#include "support/catch.h"
#include "support/message.h"
#include "support/temporary_folder.h"
#include "text/usage_error.h"

using namespace remember;
using Words = std::vector<std::string>;

namespace {

class TemporaryFile {
 public:
  TemporaryFile(const std::string& name, const std::string& text) : path_(folder_.path(name)) {
    if (name.ends_with(".gz")) {
      gzFile file = gzopen(path_.c_str(), "wb");
      gzwrite(file, text.data(), static_cast<unsigned>(text.size()));
      gzclose(file);
    } else {
      std::ofstream(path_) << text;
    }
  }
  const std::string& path() const { return path_; }

 private:
  TemporaryFolder folder_;
  std::string path_;
};

Pairs read(const std::string& text, Cut cut = Cut::automatic) {
  const TemporaryFile file("pairs.tsv", text);
  return read_pairs(file.path(), cut, cut);
}

/// The message of the error, without the folder.
std::string refusal(const std::string& text, Cut cut = Cut::automatic) {
  const std::string message = message_of<heed::FileError>([&] { read(text, cut); });
  return message.substr(std::min(message.size(), message.find("pairs.tsv")));
}

}  // namespace

TEST_CASE("tokens are cut at spaces, at characters, or as each side of the file asks for") {
  const Pairs spaced = read("c a t\tK AE T\nab\tX\n");
  CHECK(spaced.source_split == Cut::space);
  CHECK(spaced.pairs[0].source == Words{"c", "a", "t"});
  CHECK(spaced.pairs[1].source == Words{"ab"});
  CHECK(spaced.pairs[1].line == 2);
  const Pairs mixed = read("cat\tK AE T\nüß\tX\r\n");
  CHECK(mixed.source_split == Cut::character);
  CHECK(mixed.target_split == Cut::space);
  CHECK(mixed.pairs[1].source == Words{"ü", "ß"});
  CHECK(mixed.pairs[1].target == Words{"X"});
  const Pairs characters = read("a b\tK L\n", Cut::character);
  CHECK(characters.pairs[0].source == Words{"a", " ", "b"});
  CHECK(parse_cut("char", "--tokens") == Cut::character);
  CHECK_THROWS_AS(parse_cut("word", "--tokens"), UsageError);
}

TEST_CASE("errors in a file of pairs name file and line") {
  CHECK(refusal("a\tb\nno tab here\n") == "pairs.tsv:2: a line must be source TAB target, got no tab");
  CHECK(refusal("a\tb\tc\n") == "pairs.tsv:1: a line must be source TAB target, got 2 tabs");
  CHECK(refusal("a\tb\n\n") == "pairs.tsv:2: a line must be source TAB target, got no tab");
  CHECK(refusal("a b\tb\n \tb\n") == "pairs.tsv:2: source must have at least one token, got none");
  CHECK(refusal("a\tb\na\t\n") == "pairs.tsv:2: target must have at least one token, got none");
  CHECK(refusal("") == "pairs.tsv: must hold lines of source TAB target, got none");
  CHECK_THROWS_AS(read_pairs("/no/such/file", Cut::space, Cut::space), heed::FileError);
}

TEST_CASE("text that is not UTF-8 is refused when it is read, with line and column, however tokens are cut") {
  for (const Cut cut : {Cut::automatic, Cut::space, Cut::character}) {
    CHECK(refusal("a\tb\nüa\xff\tb\n", cut) ==
          "pairs.tsv:2:3: must be UTF-8, got the byte FF, which begins no character (columns count characters)");
    CHECK(refusal("a\tb\xed\xa0\x80\n", cut)
              .starts_with("pairs.tsv:1:4: must be UTF-8, got the bytes ED A0 80, a surrogate"));
    CHECK(refusal("\xef\xbb\xbf\xc0\xaf\tb\n", cut).starts_with("pairs.tsv:1:1: must be UTF-8, got the bytes C0 AF"));
    CHECK(refusal("a\tb\xe2\x82", cut)
              .starts_with("pairs.tsv:1:4: must be UTF-8, got the bytes E2 82, a character that"));
  }
  const Pairs marked = read(
      "\xef\xbb\xbf"
      "a\tb\r\nc\td\r\n");
  CHECK(marked.pairs[0].source == Words{"a"});
  CHECK(marked.pairs[1].target == Words{"d"});
}

TEST_CASE("a program reads a file of pairs once, and its later datasets are of the same text") {
  auto file = std::make_unique<TemporaryFile>("pairs.tsv", "a\tx\nb\ty\nc\tz\n");
  RunOptions options;
  options.data.task = "pairs";
  options.data.data = file->path();
  options.data.source_tokens = options.data.target_tokens = "auto";
  const uint64_t fingerprint = open_dataset(options)->fingerprint();
  file.reset();
  CHECK(open_dataset(options)->fingerprint() == fingerprint);
}

TEST_CASE("a file's name that is not UTF-8 comes back from JSON, and is shown as it can be") {
  RunOptions options;
  options.data.task = "pairs";
  options.data.data = "/caf\xe9/\xff.tsv";
  options.data.source_tokens = options.data.target_tokens = "char";
  const nlohmann::ordered_json json = options;
  CHECK(json.at("data").at("data") == "/caf\\xE9/\\xFF.tsv");
  const RunOptions back = nlohmann::ordered_json::parse(json.dump()).get<RunOptions>();
  CHECK(back == options);
  RunOptions other = options;
  other.data.data = "/other.tsv";
  CHECK(option_changes(options, other).empty());  // a file may have moved
}

TEST_CASE("a gzip file reads as the plain one, and a broken one is refused") {
  const std::string text = "c a t\tK AE T\nd o g\tD AO G\n";
  const TemporaryFile packed("pairs.tsv.gz", text);
  const TemporaryFile plain("pairs.tsv", text);
  const Pairs a = read_pairs(packed.path(), Cut::automatic, Cut::automatic);
  const Pairs b = read_pairs(plain.path(), Cut::automatic, Cut::automatic);
  CHECK(a.fingerprint == b.fingerprint);
  CHECK(a.pairs.size() == 2);
  CHECK(a.pairs[1].target == Words{"D", "AO", "G"});
  std::filesystem::resize_file(packed.path(), std::filesystem::file_size(packed.path()) - 9);
  CHECK_THROWS_AS(read_pairs(packed.path(), Cut::automatic, Cut::automatic), heed::FileError);
}

TEST_CASE("lines of one source are one problem with several answers") {
  const Pairs pairs = read("t o\tT AH\nb e\tB IY\nt o\tT UW\n");
  const Vocabulary source({"t", "o", "b", "e"});
  const Vocabulary target({"T", "AH", "UW", "B"});
  const auto problems = as_problems(pairs, source, target);
  REQUIRE(problems.size() == 2);
  CHECK(problems[0].answers == std::vector<Tokens>{target.encode({"T", "AH"}), target.encode({"T", "UW"})});
  CHECK(problems[1].answers[0].back() == kUnknownToken);
}

TEST_CASE("what is held out is never trained on, and an epoch sees every other pair once") {
  std::string text;
  for (int i = 0; i < 200; ++i) {
    const std::string word(static_cast<size_t>(1 + i % 7), static_cast<char>('a' + i % 26));
    text += word + std::to_string(i) + "\tx y\n" + word + std::to_string(i) + "\tx z\n";
  }
  const TemporaryFile file("pairs.tsv", text);
  PairsData data({.data = file.path(), .batch = 16, .seed = 3});
  CHECK(data.validation().size() == 10);
  CHECK(data.training().size() == 380);
  CHECK(data.batches_in_epoch() == 24);
  std::set<Tokens> held_out;
  for (const Problem& problem : data.validation()) {
    CHECK(problem.answers.size() == 2);
    held_out.insert(problem.source);
  }
  std::multiset<std::pair<Tokens, Tokens>> seen;
  for (int64_t step = 0; step < data.batches_in_epoch(); ++step) {
    for (const Example& example : data.batch(step)) {
      CHECK(held_out.count(example.source) == 0);
      seen.emplace(example.source, example.target);
    }
  }
  std::multiset<std::pair<Tokens, Tokens>> wanted;
  for (const Example& example : data.training()) {
    wanted.emplace(example.source, example.target);
  }
  CHECK(seen == wanted);
  PairsData again({.data = file.path(), .batch = 16, .seed = 3});
  CHECK(again.batch(30).front().source == data.batch(30).front().source);
  CHECK(again.fingerprint() == data.fingerprint());
}

TEST_CASE("batches of pairs hold sources of similar lengths") {
  std::string text;
  for (int i = 0; i < 400; ++i) {
    text += std::string(static_cast<size_t>(1 + (i * 7) % 20), 'a') + std::to_string(i) + "\tx\n";
  }
  const TemporaryFile file("pairs.tsv", text);
  PairsData data({.data = file.path(), .batch = 10});
  for (int64_t step = 0; step < data.batches_in_epoch(); ++step) {
    const auto batch = data.batch(step);
    CHECK(batch.back().source.size() - batch.front().source.size() <= 3);
  }
}

TEST_CASE("a file with a single source cannot be split") {
  const TemporaryFile file("pairs.tsv", "a\tb\na\tc\n");
  CHECK_THROWS_AS(PairsData({.data = file.path()}), heed::FileError);
}

TEST_CASE("sources that the validation file has too are not trained on") {
  const TemporaryFile training("pairs.tsv", "ab\tx\ncd\tx\nab\ty\nef\ty\n");
  const TemporaryFile validation("valid.tsv", "ab\tx\ngh\tx\n");
  const PairsData data({.data = training.path(), .valid = validation.path()});
  CHECK(data.training().size() == 2);
  CHECK(data.validation().size() == 2);
  CHECK(data.description() ==
        "2 pairs to train on, 2 sources held out; 1 source that is in both files was left out of training");
  const std::string message =
      message_of<heed::FileError>([&] { PairsData({.data = validation.path(), .valid = validation.path()}); });
  CHECK(message.find("must have sources that the validation file") != std::string::npos);
}

TEST_CASE("a test file chooses nothing: its sources are left out of training and validation") {
  const TemporaryFile training("pairs.tsv", "ab\tx\ncd\tx\nab\ty\nef\ty\n");
  const TemporaryFile validation("valid.tsv", "gh\tx\nij\tx\n");
  const TemporaryFile test("test.tsv", "ab\tx\ngh\tx\nzz\tx\n");
  const PairsData data({.data = training.path(), .valid = validation.path(), .test = test.path()});
  CHECK(data.training().size() == 2);
  CHECK(data.validation().size() == 1);
  CHECK(data.test().size() == 3);
  CHECK(data.test().back().source == Tokens{kUnknownToken, kUnknownToken});  // its words are not looked at
  CHECK(data.description() ==
        "2 pairs to train on, 1 sources held out, 3 to test with; 1 source that is in another file was left out of "
        "training");
  const PairsData held_out({.data = training.path(), .test = test.path()});
  CHECK(held_out.training().size() == 1);
  CHECK(held_out.validation().size() == 1);
  CHECK(PairsData({.data = training.path()}).test().size() == 1);  // those of validation
  CHECK(held_out.fingerprint() != PairsData({.data = training.path(), .valid = test.path()}).fingerprint());
  CHECK(held_out.fingerprint() != PairsData({.data = training.path()}).fingerprint());
  CHECK(message_of<heed::FileError>([&] {
          PairsData({.data = training.path(), .valid = test.path(), .test = test.path()});
        }) == test.path() + ": must have sources that the test file " + test.path() + " does not have, got none");
}

TEST_CASE("the fingerprint of two files tells which is which, also when they are equal") {
  const TemporaryFile a("a.tsv", "ab\tx\ncd\tx\n");
  const TemporaryFile b("b.tsv", "ef\tx\ngh\tx\n");
  const TemporaryFile c("c.tsv", "ab\tx\nij\tx\n");
  const auto fingerprint = [](const TemporaryFile& data, const TemporaryFile& valid) {
    return PairsData({.data = data.path(), .valid = valid.path()}).fingerprint();
  };
  CHECK(fingerprint(a, b) != fingerprint(b, a));
  CHECK(fingerprint(a, b) != fingerprint(a, c));
  CHECK(fingerprint(a, b) == fingerprint(a, b));
}
