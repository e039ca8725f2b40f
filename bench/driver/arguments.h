// Arguments of the benchmark programs: `--name value`, each name declared with what it is for.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

namespace heed::bench {

struct Option {
  std::string name;  ///< without the dashes
  std::string meaning;
  std::string value;  ///< where it is not given
};

class Arguments {
 public:
  /// Throws std::invalid_argument for an argument that is not declared or has no value.
  Arguments(int argc, char** argv, const std::vector<Option>& options);

  const std::string& text(const std::string& name) const { return values_.at(name); }
  /// Throws std::invalid_argument unless it is a whole number of at least 1.
  int64_t number(const std::string& name) const;
  /// Numbers separated by commas.
  std::vector<int64_t> numbers(const std::string& name) const;
  /// Whether a list of words separated by commas has `word`; an empty one has all.
  bool wants(const std::string& name, const std::string& word) const;

 private:
  std::map<std::string, std::string> values_;
};

/// Runs a program's body; prints `--help`, mistakes of usage (exit code 2) and other failures (1).
int run_program(int argc, char** argv, const std::string& purpose, const std::vector<Option>& options,
                const std::function<void(const Arguments&)>& body);

}  // namespace heed::bench
