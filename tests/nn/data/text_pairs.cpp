// Text pairs: files, plain and packed, as tokens and numbers; and what is refused, with its line.
#include <heed/nn/data/text_pairs.h>

#include <zlib.h>

#include <algorithm>
#include <fstream>
#include <string>

#include <heed/tensor/error.h>

#include "support/catch.h"
#include "support/message.h"
#include "support/temporary_folder.h"

namespace heed {
namespace {

using Words = std::vector<std::string>;

TextPairs read(const std::string& text, TextSplit split = TextSplit::automatic) {
  const TemporaryFolder folder;
  std::ofstream(folder.path("pairs.tsv")) << text;
  return read_text_pairs(folder.path("pairs.tsv"), split, split);
}

/// The message of the error, without the folder.
template <class Body>
std::string refusal(const Body& body) {
  const std::string message = message_of<FileError>(body);
  return message.substr(std::min(message.size(), message.find("pairs.tsv")));
}

}  // namespace

TEST_CASE("text pairs are split at spaces or into characters, as each side asks for") {
  const TextPairs text = read("cat\tK AE T\nüß\tX\r\n");
  CHECK(text.source_split == TextSplit::character);
  CHECK(text.target_split == TextSplit::space);
  CHECK(text.pairs[1].source == Words{"ü", "ß"});
  CHECK(text.pairs[0].target == Words{"K", "AE", "T"});
  CHECK(text.pairs[1].line == 2);
  CHECK(read("a b\tK\n", TextSplit::character).pairs[0].source == Words{"a", " ", "b"});
  CHECK(split_tokens("  a  b ", TextSplit::space) == Words{"a", "b"});
  CHECK_THROWS_AS(split_tokens("a", TextSplit::automatic), ValueError);
}

TEST_CASE("text pairs become numbers, and a token without one is named with its line") {
  const TextPairs text = read("a b\tx\nb\ty x\n");
  const Vocabulary source = source_vocabulary(text), target = target_vocabulary(text);
  const std::vector<SequencePair> pairs = encode(text, source, target);
  REQUIRE(pairs.size() == 2);
  CHECK(source.decode(pairs[0].source) == Words{"a", "b"});
  CHECK(target.decode(pairs[1].target) == Words{"y", "x"});
  const Vocabulary closed({"x"}, {.special = {}, .unknown = ""});
  CHECK(refusal([&] { encode(text, source, closed); }) ==
        "pairs.tsv:2: token 'y' of the target is not in the vocabulary, which has no unknown token");
  CHECK(encode(text, Vocabulary({"a"}), target)[1].source == std::vector<int64_t>{3});
}

TEST_CASE("errors in a file of text pairs name file and line") {
  const auto refused = [](const std::string& text) { return refusal([&] { read(text); }); };
  CHECK(refused("a\tb\nno tab here\n") == "pairs.tsv:2: a line must be source TAB target, got no tab");
  CHECK(refused("a\tb\tc\n") == "pairs.tsv:1: a line must be source TAB target, got 2 tabs");
  CHECK(refused("a b\tb\n \tb\n") == "pairs.tsv:2: source must have at least one token, got none");
  CHECK(refused("") == "pairs.tsv: must hold lines of source TAB target, got none");
  CHECK(refused("a\tb\nüa\xff\tb\n").starts_with("pairs.tsv:2:3: must be UTF-8, got the byte FF"));
  CHECK_THROWS_AS(read_text_pairs("/no/such/file"), FileError);
}

TEST_CASE("a gzip file of text pairs reads as the plain one") {
  const std::string lines = "c a t\tK AE T\nd o g\tD AO G\n";
  const TemporaryFolder folder;
  const std::string path = folder.path("pairs.tsv.gz");
  gzFile file = gzopen(path.c_str(), "wb");
  gzwrite(file, lines.data(), static_cast<unsigned>(lines.size()));
  gzclose(file);
  const TextPairs packed = read_text_pairs(path), plain = read(lines);
  REQUIRE(packed.pairs.size() == 2);
  CHECK(packed.pairs[1].target == plain.pairs[1].target);
}

}  // namespace heed
