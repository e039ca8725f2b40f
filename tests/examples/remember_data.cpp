// Tasks, lengths, vocabularies and the splitting of made-up data.
#include <algorithm>
#include <map>
#include <set>

#include <heed/tensor/error.h>

#include "data/length_range.h"
#include "data/task.h"
#include "data/task_data.h"
#include "data/vocabulary.h"
#include "support/catch.h"
#include "text/usage_error.h"

using namespace remember;

TEST_CASE("copy and reverse give the answers and alignments they are named for") {
  const Tokens source = {5, 3, 9};
  const Task& copy = *find_task("copy");
  CHECK(copy.answer(source) == Tokens{5, 3, 9});
  CHECK(copy.alignment(source) == std::vector<int64_t>{0, 1, 2});
  const Task& reverse = *find_task("reverse");
  CHECK(reverse.answer(source) == Tokens{9, 3, 5});
  CHECK(reverse.alignment(source) == std::vector<int64_t>{2, 1, 0});
  CHECK(find_task("no such task") == nullptr);
}

TEST_CASE("the other tasks give the answers and alignments they are named for") {
  const Tokens source = {5, 3, 9, 3};
  const auto answer = [&](const char* name) { return find_task(name)->answer(source); };
  const auto places = [&](const char* name) { return find_task(name)->alignment(source); };
  CHECK(answer("reduplicate") == Tokens{5, 3, 9, 3, 5, 3, 9, 3});
  CHECK(places("reduplicate") == std::vector<int64_t>{0, 1, 2, 3, 0, 1, 2, 3});
  CHECK(answer("bigram-flip") == Tokens{3, 5, 3, 9});
  CHECK(places("bigram-flip") == std::vector<int64_t>{1, 0, 3, 2});
  CHECK(answer("duplicate") == answer("reduplicate"));
  CHECK(answer("odds-first") == Tokens{5, 9, 3, 3});
  CHECK(places("odds-first") == std::vector<int64_t>{0, 2, 1, 3});
  CHECK(find_task("odds-first")->answer({3, 4, 5, 6, 7}) == Tokens{3, 5, 7, 4, 6});
  CHECK(answer("sort") == Tokens{3, 3, 5, 9});
  CHECK(places("sort") == std::vector<int64_t>{1, 3, 0, 2});
}

TEST_CASE("missing-duplicate asks for the one masked token of a string that comes twice") {
  const Task& missing = *find_task("missing-duplicate");
  const auto encode = [&](const char* word) {
    Tokens tokens;
    for (; *word != 0; ++word) {
      tokens.push_back(*word == '_' ? kFirstToken + 2 : kFirstToken + (*word - 'a'));
    }
    return tokens;
  };
  // 01100210 -> 1 in the authors' code, and the mask in the first half
  CHECK(missing.answer(encode("abbaa_ba")) == encode("b"));
  CHECK(missing.alignment(encode("abbaa_ba")) == std::vector<int64_t>{1});
  CHECK(missing.answer(encode("_baaba")) == encode("a"));
  CHECK(missing.alignment(encode("_baaba")) == std::vector<int64_t>{3});
  CHECK(missing.answer(encode("_b")) == encode("b"));
  heed::Generator generator(5);
  std::set<Tokens> sources;
  for (int i = 0; i < 2000; ++i) {
    const Tokens source = missing.source(8, 2, generator);
    REQUIRE(source.size() == 8);
    CHECK(std::count(source.begin(), source.end(), kFirstToken + 2) == 1);
    sources.insert(source);
  }
  CHECK(static_cast<double>(sources.size()) == missing.sources(8, 2));
  CHECK(Vocabulary(missing.tokens(2)).decode(encode("ab_")) == std::vector<std::string>{"a", "b", "_"});
  CHECK_THROWS_AS(lengths_in_steps(missing, 2, {7, 7}), UsageError);
}

TEST_CASE("parity tells whether the number of ones is odd, and has no alignment") {
  const Task& parity = *find_task("parity");
  const Tokens odd = {kFirstToken + 1, kFirstToken, kFirstToken + 1, kFirstToken + 1};
  CHECK(parity.answer(odd) == Tokens{kFirstToken + 1});
  CHECK(parity.answer({kFirstToken + 1, kFirstToken + 1}) == Tokens{kFirstToken});
  CHECK(parity.answer({kFirstToken + 4, kFirstToken + 3}) == Tokens{kFirstToken + 1});
  CHECK(parity.alignment(odd).empty());
  CHECK(parity.tokens(2) == std::vector<std::string>{"0", "1"});
}

TEST_CASE("a task says what guessing is worth") {
  CHECK(chance("parity", 2) == 0.5);
  CHECK(chance("missing-duplicate", 4) == 0.25);
  CHECK(chance("copy", 2) == 0);
  CHECK(chance("pairs", 2) == 0);
}

TEST_CASE("lookup goes on from where a piece of the string stands first, the piece after the string or before it") {
  const auto go_on = [](const char* name, const std::vector<std::string>& words) {
    const Task& task = *find_task(name);
    const Vocabulary vocabulary(task.tokens(26));
    return vocabulary.decode(task.answer(vocabulary.encode(words)));
  };
  const std::vector<std::string> after = {"c", "f", "g"};
  CHECK(go_on("lookup", {"x", "a", "b", "d", "c", "f", "g", ":", "a", "b", "d"}) == after);
  CHECK(go_on("lookup-prefix", {"a", "b", "d", ":", "x", "a", "b", "d", "c", "f", "g"}) == after);
  CHECK(go_on("lookup", {"a", "a", "a", "a", "b", ":", "a", "a", "a"}) == std::vector<std::string>{"a", "b"});
  const Task& lookup = *find_task("lookup");
  CHECK(lookup.alignment({3, 4, 5, 6, 7, 8, 9, 29, 4, 5, 6}) == std::vector<int64_t>{4, 5, 6});
  CHECK(find_task("lookup-prefix")->alignment({4, 5, 6, 29, 3, 4, 5, 6, 7, 8, 9}) == std::vector<int64_t>{8, 9, 10});
  heed::Generator generator(1);
  std::set<size_t> lengths;
  for (int i = 0; i < 200; ++i) {
    const Tokens source = lookup.source(7, 26, generator);
    REQUIRE(source.size() == static_cast<size_t>(7 + lookup.uncounted));
    lengths.insert(lookup.answer(source).size());
  }
  CHECK(lengths == std::set<size_t>{1, 2, 3, 4});
  CHECK(lengths_in_steps(lookup, 26, {1, 6}) == LengthRange{4, 6});
  CHECK_THROWS_WITH(lengths_in_steps(lookup, 26, {1, 3}),
                    "lookup, lengths: must be multiples of 1 from 4 on, or ranges with one in them, got 1:3");
}

TEST_CASE("pairs-recall asks for the values of all keys, each once more among blanks") {
  const Task& pairs = *find_task("pairs-recall");
  const int64_t symbols = 40;
  const int64_t blank = kFirstToken + symbols;
  Tokens two(32, blank);  // 2 pairs: keys 3 and 7, values 30 and 25; asked for in the other order
  std::copy_n(Tokens{3, 30, 7, 25}.begin(), 4, two.begin());
  two[6] = 7;
  two[20] = 3;
  CHECK(pairs.answer(two) == Tokens{25, 30});
  CHECK(pairs.alignment(two) == std::vector<int64_t>{3, 1});
  heed::Generator generator(2);
  int64_t distance = 0;
  for (int i = 0; i < 300; ++i) {
    const Tokens source = pairs.source(64, symbols, generator);
    REQUIRE(source.size() == 64);
    CHECK(std::set<int64_t>(source.begin(), source.begin() + 8).size() == 8);
    for (size_t pair = 0; pair < 4; ++pair) {
      const int64_t key = source[2 * pair];
      CHECK((key < kFirstToken + 20 && source[2 * pair + 1] >= kFirstToken + 20 && source[2 * pair + 1] < blank));
      const auto again = std::find(source.begin() + 8, source.end(), key);
      REQUIRE(again != source.end());
      CHECK((again - source.begin()) % 2 == 0);
      distance += again - source.begin() - 8;
    }
    CHECK(std::count(source.begin(), source.end(), blank) == 52);
    CHECK(pairs.answer(source).size() == 4);
  }
  CHECK(distance / 1200 > 8);  // nearer ones are more likely: evenly spread they would be at 27 on average
  CHECK(distance / 1200 < 20);
  CHECK(lengths_in_steps(pairs, 4, {16, 47}) == LengthRange{1, 2});
  CHECK_THROWS_WITH(lengths_in_steps(pairs, 4, {64, 64}),
                    "--symbols: must be at least 8 for pairs-recall at length 64, got 4");
}

TEST_CASE("recall asks back ten symbols after as many blanks as its length says, and a cue") {
  const Task& recall = *find_task("recall");
  heed::Generator generator(1);
  const Tokens source = recall.source(30, 8, generator);
  REQUIRE(source.size() == 41);
  const std::vector<std::string> words = Vocabulary(recall.tokens(8)).decode(source);
  CHECK(std::count(words.begin(), words.end(), "_") == 30);
  CHECK(words[10] == "_");
  CHECK(words.back() == ":");
  CHECK(recall.answer(source) == Tokens(source.begin(), source.begin() + 10));
  CHECK(std::all_of(source.begin(), source.begin() + 10, [](int64_t x) { return x < kFirstToken + 8; }));
}

TEST_CASE("lengths that a task does not have are left out, and refused when there is no other") {
  const Task& flip = *find_task("bigram-flip");
  CHECK(lengths_in_steps(flip, 26, {5, 9}) == LengthRange{3, 4});
  CHECK_THROWS_AS(lengths_in_steps(flip, 26, {5, 5}), UsageError);
  heed::Generator generator(1);
  for (int i = 0; i < 50; ++i) {
    const size_t length = draw_example(flip, 26, {5, 9}, Part::test, generator).source.size();
    CHECK((length == 6 || length == 8));
  }
}

TEST_CASE("a fixed training set has as many examples as asked for, all of them drawn") {
  TaskData data(*find_task("copy"), {.symbols = 26, .train_length = {4, 8}, .batch = 100, .seed = 1, .train_size = 30});
  std::set<Tokens> sources;
  for (int64_t step = 0; step < 10; ++step) {
    for (const Example& example : data.batch(step)) {
      sources.insert(example.source);
    }
  }
  CHECK(sources.size() == 30);
}

TEST_CASE("lengths can grow from the shortest to the longest") {
  TaskData data(*find_task("bigram-flip"),
                {.symbols = 26, .train_length = {3, 20}, .batch = 200, .seed = 1, .grow_lengths = 10});
  const auto longest = [&](int64_t step) {
    size_t most = 0;
    for (const Example& example : data.batch(step)) {
      most = std::max(most, example.source.size());
    }
    return most;
  };
  CHECK(longest(0) == 4);
  CHECK(longest(7) == 10);
  CHECK(longest(9) == 20);
  CHECK(longest(500) == 20);
}

TEST_CASE("every task's alignment points at the token that the answer repeats") {
  for (const Task& task : tasks()) {
    heed::Generator generator(7);
    CAPTURE(task.name);
    const Tokens source = task.source(32, 5, generator);
    const Tokens answer = task.answer(source);
    const std::vector<int64_t> places = task.alignment(source);
    if (task.name == "parity") {  // no token of the answer comes from a single one of the source
      CHECK(places.empty());
      continue;
    }
    REQUIRE(places.size() == answer.size());
    for (size_t t = 0; t < answer.size(); ++t) {
      CHECK(source.at(static_cast<size_t>(places[t])) == answer[t]);
    }
  }
}

TEST_CASE("a source has the length asked for and uses every symbol and no other") {
  heed::Generator generator(3);
  const Tokens source = find_task("reverse")->source(2000, 26, generator);
  CHECK(source.size() == 2000);
  const std::set<int64_t> used(source.begin(), source.end());
  CHECK(used.size() == 26);
  CHECK(*used.begin() == kFirstToken);
  CHECK(*used.rbegin() == kFirstToken + 25);
}

TEST_CASE("training batches are a function of seed and step, their lengths spread over the whole range") {
  const TaskDataOptions options = {.symbols = 10, .train_length = {2, 6}, .batch = 500, .seed = 4};
  TaskData first(*find_task("copy"), options);
  TaskData second(*find_task("copy"), options);
  second.batch(0);
  const auto a = first.batch(17);
  const auto b = second.batch(17);
  std::map<size_t, int> lengths;
  for (size_t i = 0; i < a.size(); ++i) {
    REQUIRE(a[i].source == b[i].source);
    ++lengths[a[i].source.size()];
  }
  CHECK(lengths.size() == 5);
  for (const auto& [length, count] : lengths) {
    CHECK((length >= 2 && length <= 6 && count > 60 && count < 140));
  }
  CHECK(first.batch(18).front().source != a.front().source);
  TaskDataOptions other = options;
  other.seed = 5;
  CHECK(TaskData(*find_task("copy"), other).batch(17)[3].source != a[3].source);
}

TEST_CASE("training, validation and test share no source where there are enough of them") {
  const auto [name, lengths] = GENERATE(table<const char*, LengthRange>({{"reverse", {3, 4}},
                                                                         {"missing-duplicate", {6, 8}},
                                                                         {"parity", {3, 4}},
                                                                         {"lookup", {4, 4}},
                                                                         {"lookup-prefix", {4, 4}},
                                                                         {"pairs-recall", {16, 32}}}));
  CAPTURE(name);
  const Task& task = *find_task(name);
  TaskData data(task, {.symbols = 260, .train_length = lengths, .batch = 2000, .seed = 1, .validation_count = 500});
  std::set<Tokens> training;
  for (int64_t step = 0; step < 5; ++step) {
    for (const Example& example : data.batch(step)) {
      training.insert(example.source);
    }
  }
  std::set<Tokens> validation;
  for (const Problem& problem : data.validation()) {
    CHECK(training.count(problem.source) == 0);
    validation.insert(problem.source);
  }
  const auto test = task_problems(task, 260, lengths, Part::test, 500);
  for (const Problem& problem : test) {
    CHECK(training.count(problem.source) == 0);
    CHECK(validation.count(problem.source) == 0);
    CHECK(problem.answers == std::vector<Tokens>{task.answer(problem.source)});
  }
  CHECK(task_problems(task, 260, lengths, Part::test, 500).back().source == test.back().source);
  CHECK(task_problems(task, 260, lengths, Part::test, 500, 1).back().source != test.back().source);
}

TEST_CASE("a task with few different sources uses all of them everywhere") {
  const Task& task = *find_task("copy");
  std::set<Tokens> seen;
  for (const Problem& problem : task_problems(task, 2, {3, 3}, Part::test, 400)) {
    seen.insert(problem.source);
  }
  CHECK(seen.size() == 8);
}
