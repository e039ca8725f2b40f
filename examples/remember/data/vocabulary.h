// Vocabulary: the tokens of a model's sources or targets, and their numbers.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "data/example.h"

namespace remember {

inline constexpr int64_t kPadToken = 0;
inline constexpr int64_t kStartToken = 1;
inline constexpr int64_t kEndToken = 2;
/// The number of the first token that is not a special one.
inline constexpr int64_t kFirstToken = 3;
/// The number of tokens that are not in the vocabulary.
inline constexpr int64_t kUnknownToken = -1;

class Vocabulary {
 public:
  Vocabulary() = default;
  /// Numbers the tokens from kFirstToken on. Throws heed::ValueError for an empty token and for one given twice.
  explicit Vocabulary(std::vector<std::string> tokens);
  /// `count` symbols: letters up to 26, numbers from 0 above that.
  static Vocabulary symbols(int64_t count);

  /// Number of tokens, the three special ones included.
  int64_t size() const { return kFirstToken + static_cast<int64_t>(tokens_.size()); }
  const std::vector<std::string>& tokens() const { return tokens_; }
  /// The token of a number; "<pad>", "<s>" and "</s>" for the special ones. Throws heed::IndexError.
  const std::string& token(int64_t number) const;
  /// The number of a token, or kUnknownToken.
  int64_t number(std::string_view token) const;

  Tokens encode(const std::vector<std::string>& tokens) const;
  std::vector<std::string> decode(const Tokens& numbers) const;
  /// The tokens in one line, for error messages: "a b c … z (26 tokens)".
  std::string describe() const;

 private:
  std::vector<std::string> tokens_;
  std::unordered_map<std::string, int64_t> numbers_;
};

}  // namespace remember
