// Vocabulary: the tokens that a model reads or writes, and their numbers.
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
/// The number of the first token that stands for something.
inline constexpr int64_t kFirstToken = 3;
/// What encode() gives for a token that is not in the vocabulary.
inline constexpr int64_t kUnknownToken = -1;

class Vocabulary {
 public:
  Vocabulary() = default;
  /// Numbers the tokens from kFirstToken on. Throws heed::ValueError for one that is empty or there twice.
  explicit Vocabulary(std::vector<std::string> tokens);
  /// `count` made-up symbols: a, b, c … up to 26 of them, numbers from 0 above.
  static Vocabulary symbols(int64_t count);

  /// How many numbers there are, the three marks included.
  int64_t size() const { return kFirstToken + static_cast<int64_t>(tokens_.size()); }
  const std::vector<std::string>& tokens() const { return tokens_; }
  /// The token of a number; "<pad>", "<s>" and "</s>" for the marks. Throws heed::IndexError.
  const std::string& token(int64_t number) const;
  /// The number of a token, or kUnknownToken.
  int64_t number(std::string_view token) const;

  Tokens encode(const std::vector<std::string>& tokens) const;
  std::vector<std::string> decode(const Tokens& numbers) const;
  /// The tokens in a line for an error message: "a b c … z (26 tokens)".
  std::string describe() const;

 private:
  std::vector<std::string> tokens_;
  std::unordered_map<std::string, int64_t> numbers_;
};

}  // namespace remember
