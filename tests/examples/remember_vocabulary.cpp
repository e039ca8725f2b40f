// Lengths, vocabularies and batches: how sequences are named and come into a model.
#include <heed/tensor/error.h>

#include "data/length_range.h"
#include "data/vocabulary.h"
#include "run/batch.h"
#include "support/catch.h"
#include "text/usage_error.h"

using namespace remember;

TEST_CASE("lengths are read as a number, a range, or a list of both") {
  CHECK(parse_length_range("20", "--x") == LengthRange{20, 20});
  CHECK(parse_length_range("5:20", "--x") == LengthRange{5, 20});
  CHECK(parse_length_ranges("5,10,65:128", "--x") == std::vector<LengthRange>{{5, 5}, {10, 10}, {65, 128}});
  CHECK(to_string(LengthRange{5, 20}) == "5:20");
  CHECK(to_string(LengthRange{7, 7}) == "7");
  for (const char* bad : {"", "5:", ":5", "20:5", "0", "-1", "a", "5 ", "1:2:3", "5.5", "99999999999999999999"}) {
    CAPTURE(bad);
    CHECK_THROWS_AS(parse_length_range(bad, "--x"), UsageError);
  }
  CHECK_THROWS_AS(parse_length_ranges("5,,6", "--x"), UsageError);
  CHECK(parse_length_ranges("5, 6:7", "--x") == std::vector<LengthRange>{{5, 5}, {6, 7}});
  CHECK_THROWS_WITH(parse_length_ranges("5,6:7,5:5", "--x"), "--x: must be different lengths, got 5 twice");
  CHECK_THROWS_WITH(parse_length_range("20:5", "--train-length"),
                    "--train-length: must be MIN:MAX with MIN not above MAX, got 20:5");
}

TEST_CASE("a vocabulary numbers tokens after the marks and knows what it does not know") {
  const Vocabulary letters = Vocabulary::symbols(26);
  CHECK(letters.size() == 29);
  CHECK(letters.token(kFirstToken) == "a");
  CHECK(letters.token(28) == "z");
  CHECK(letters.token(kEndToken) == "</s>");
  CHECK(letters.encode({"c", "?", "a"}) == Tokens{kFirstToken + 2, kUnknownToken, kFirstToken});
  CHECK(letters.decode({kFirstToken + 2, kEndToken}) == std::vector<std::string>{"c", "</s>"});
  CHECK_THROWS_AS(letters.token(29), heed::IndexError);
  CHECK_THROWS_AS(letters.token(-1), heed::IndexError);
  CHECK(letters.describe() == "a b c d e f g h i j k l m n o p q r s t u v w x y z (26 tokens)");
  CHECK(Vocabulary::symbols(128).token(kFirstToken + 127) == "127");
  CHECK(Vocabulary::symbols(128).describe().size() < 150);
  CHECK_THROWS_AS(Vocabulary({"a", "b", "a"}), heed::ValueError);
  CHECK_THROWS_AS(Vocabulary({"a", ""}), heed::ValueError);
}

TEST_CASE("a batch fills up short sequences and closes targets with the end mark") {
  const std::vector<Example> examples = {{{5, 6, 7}, {8}}, {{9}, {10, 11}}};
  const Batch batch = make_batch(examples, {});
  CHECK(batch.source.ids.shape() == heed::Shape{2, 3});
  CHECK(batch.source.ids.to_vector<int64_t>() == Tokens{5, 6, 7, 9, kPadToken, kPadToken});
  CHECK(batch.source.lengths.to_vector<int64_t>() == Tokens{3, 1});
  CHECK(batch.target.to_vector<int64_t>() == Tokens{8, kEndToken, kPadToken, 10, 11, kEndToken});
  CHECK(batch.tokens == 4 + 5);
  const Batch reversed = make_batch(examples, {.reversed = true});
  CHECK(reversed.source.ids.to_vector<int64_t>() == Tokens{7, 6, 5, 9, kPadToken, kPadToken});
  CHECK(reversed.target.to_vector<int64_t>() == batch.target.to_vector<int64_t>());
  const Batch marked = make_batch(examples, {.reversed = true, .marked = true});
  CHECK(marked.source.ids.to_vector<int64_t>() ==
        Tokens{kEndToken, 7, 6, 5, kStartToken, kEndToken, 9, kStartToken, kPadToken, kPadToken});
  CHECK(marked.source.lengths.to_vector<int64_t>() == Tokens{5, 3});
}
