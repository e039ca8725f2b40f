// Reads and explains arguments.
#include "driver/arguments.h"

#include <algorithm>
#include <cstdio>
#include <sstream>
#include <stdexcept>

#include "worker/clock.h"

namespace heed::bench {
namespace {

std::vector<std::string> split(const std::string& list) {
  std::istringstream text(list);
  std::vector<std::string> words;
  for (std::string word; std::getline(text, word, ',');) words.push_back(word);
  return words;
}

int64_t positive(const std::string& name, const std::string& word) {
  size_t used = 0;
  int64_t number = 0;
  try {
    number = std::stoll(word, &used);
  } catch (const std::exception&) {
  }
  if (number < 1 || used != word.size()) {
    throw std::invalid_argument("--" + name + " must be a whole number of at least 1, got '" + word + "'");
  }
  return number;
}

void print_help(const std::string& program, const std::string& purpose, const std::vector<Option>& options) {
  std::printf("%s: %s\n", program.c_str(), purpose.c_str());
  for (const Option& option : options) {
    std::printf("  --%-14s %s%s%s\n", option.name.c_str(), option.meaning.c_str(), option.value.empty() ? "" : "; ",
                option.value.c_str());
  }
}

}  // namespace

Arguments::Arguments(int argc, char** argv, const std::vector<Option>& options) {
  for (const Option& option : options) values_[option.name] = option.value;
  for (int i = 1; i < argc; ++i) {
    const std::string word = argv[i];
    const std::string name = word.rfind("--", 0) == 0 ? word.substr(2) : "";
    if (values_.count(name) == 0) throw std::invalid_argument("no such argument: " + word);
    if (i + 1 == argc) throw std::invalid_argument(word + " needs a value");
    values_[name] = argv[++i];
  }
}

int64_t Arguments::number(const std::string& name) const { return positive(name, text(name)); }

std::vector<int64_t> Arguments::numbers(const std::string& name) const {
  std::vector<int64_t> numbers;
  for (const std::string& word : split(text(name))) numbers.push_back(positive(name, word));
  return numbers;
}

bool Arguments::wants(const std::string& name, const std::string& word) const {
  const std::vector<std::string> words = split(text(name));
  return words.empty() || std::find(words.begin(), words.end(), word) != words.end();
}

int run_program(int argc, char** argv, const std::string& purpose, const std::vector<Option>& options,
                const std::function<void(const Arguments&)>& body) {
  const std::string path = argv[0], program = path.substr(path.rfind('/') + 1);
  if (argc > 1 && (std::string(argv[1]) == "--help" || std::string(argv[1]) == "-h")) {
    print_help(program, purpose, options);
    return 0;
  }
  try {
    measures_processor_time();  // throws for an unknown clock
    body(Arguments(argc, argv, options));
    return 0;
  } catch (const std::invalid_argument& error) {
    std::fprintf(stderr, "%s: %s; --help lists the arguments\n", program.c_str(), error.what());
    return 2;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s: %s\n", program.c_str(), error.what());
    return 1;
  }
}

}  // namespace heed::bench
