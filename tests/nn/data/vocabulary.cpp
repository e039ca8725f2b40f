// Vocabularies: numbers of tokens, unknown ones, and files of them.
#include <heed/nn/data/vocabulary.h>

#include <algorithm>
#include <fstream>
#include <string>

#include <heed/nn/seq2seq/seq2seq.h>
#include <heed/tensor/error.h>
#include <heed/tensor/file.h>

#include "support/catch.h"
#include "support/message.h"
#include "support/temporary_folder.h"

namespace heed {
namespace {

using Words = std::vector<std::string>;

/// What Vocabulary::load says of a file, without the folder.
std::string refusal(const std::string& text) {
  const TemporaryFolder folder;
  std::ofstream(folder.path("words.txt")) << text;
  const std::string message = message_of<FileError>([&] { Vocabulary::load(folder.path("words.txt")); });
  return message.substr(std::min(message.size(), message.find("words.txt")));
}

}  // namespace

TEST_CASE("a vocabulary numbers special tokens first, then the others by count and text") {
  const Vocabulary words = Vocabulary::of({{"b", "c", "b"}, {"a", "c", "d"}});
  CHECK(words.tokens() == Words{"<pad>", "<s>", "</s>", "<unk>", "b", "c", "a", "d"});
  CHECK(words.size() == 8);
  CHECK(words.special_size() == 4);
  CHECK(words.token(SpecialTokens().pad) == "<pad>");
  CHECK(words.token(SpecialTokens().bos) == "<s>");
  CHECK(words.token(SpecialTokens().eos) == "</s>");
  CHECK(words.encode({"a", "zebra", "b", "</s>"}) == std::vector<int64_t>{6, 3, 4, 2});
  CHECK(words.decode({6, 3, 2}) == Words{"a", "<unk>", "</s>"});
  CHECK(words.find("zebra") == std::nullopt);
  const Vocabulary often = Vocabulary::of({{"b", "c", "b"}, {"a", "<unk>", "<unk>"}}, {.min_count = 2});
  CHECK(often.tokens() == Words{"<pad>", "<s>", "</s>", "<unk>", "b"});
}

TEST_CASE("without an unknown token, tokens that a vocabulary does not have are errors") {
  const Vocabulary words({"a", "b"}, {.special = {"<pad>"}, .unknown = ""});
  CHECK(words.encode({"b", "a"}) == std::vector<int64_t>{2, 1});
  CHECK(words.unknown() == std::nullopt);
  CHECK(message_of<ValueError>([&] {
          words.encode({"a", "x"});
        }) == "vocabulary: token 'x' is not among the 3 tokens, and there is no unknown token");
  CHECK(message_of<IndexError>([&] { (void)words.token(3); }) == "vocabulary: number must be in 0 … 2, got 3");
}

TEST_CASE("a vocabulary refuses tokens that it could not tell apart or write") {
  CHECK(message_of<ValueError>([] {
          Vocabulary({"a", "a"});
        }) == "vocabulary: tokens must be different, got 'a' twice");
  CHECK(message_of<ValueError>([] { Vocabulary({"<s>"}); }) == "vocabulary: tokens must be different, got '<s>' twice");
  CHECK(message_of<ValueError>([] { Vocabulary({""}); }) ==
        "vocabulary: tokens must not be empty, got an empty one as number 4");
  CHECK(message_of<ValueError>([] { Vocabulary({"a\nb"}); }).find("line breaks") != std::string::npos);
  CHECK(message_of<ValueError>([] { Vocabulary({}, {.special = {"<pad>"}}); }) ==
        "vocabulary: the unknown token must be one of the special ones, got '<unk>'");
  CHECK_THROWS_AS(Vocabulary::of(TokenCounts(), {.min_count = 0}), ValueError);
}

TEST_CASE("a saved vocabulary loads as it was") {
  const TemporaryFolder folder;
  const std::string path = folder.path("words.txt");
  const std::vector<Vocabulary> all = {Vocabulary(), Vocabulary::of({{"für", "#", "special 1 unknown 0", " "}}),
                                       Vocabulary({"a"}, {.special = {}, .unknown = ""}),
                                       Vocabulary({"a"}, {.special = {"?", "!"}, .unknown = "!"})};
  for (const Vocabulary& words : all) {
    words.save(path);
    CHECK(Vocabulary::load(path) == words);
  }
  CHECK(read_file(path) == "heed vocabulary 1\nspecial 2 unknown 1\n?\n!\na\n");
}

TEST_CASE("a file that is no vocabulary is refused with its line") {
  CHECK(refusal("").starts_with("words.txt:"));
  CHECK(refusal("the\ncat\n") == "words.txt:1: must begin with 'heed vocabulary 1', got 'the'");
  CHECK(refusal("heed vocabulary 1\nspecial 2 unknown 2\na\nb\n") ==
        "words.txt:2: must be 'special S unknown U', got 'special 2 unknown 2'");
  CHECK(refusal("heed vocabulary 1\nspecial -1 unknown none\n").starts_with("words.txt:2: must be"));
  CHECK(refusal("heed vocabulary 1\nspecial 99999999999999999999 unknown none\n").starts_with("words.txt:2: must be"));
  CHECK(refusal("heed vocabulary 1\n") == "words.txt:1: must be 'special S unknown U', got ''");
  CHECK(refusal("heed vocabulary 1\nspecial 1 unknown none\na\nb\na\n") ==
        "words.txt:5: tokens must be different, got 'a' again");
  CHECK(refusal("heed vocabulary 1\nspecial 1 unknown none\na\n\n") == "words.txt:4: tokens must not be empty");
  CHECK(refusal("heed vocabulary 1\nspecial 3 unknown none\na\n") ==
        "words.txt: must have 3 special tokens, has 1 tokens");
}

}  // namespace heed
