// Vocabulary: see vocabulary.h.
#include "data/vocabulary.h"

#include <array>
#include <utility>

#include <heed/tensor/error.h>

namespace remember {

namespace {
const std::array<std::string, kFirstToken> kSpecialTokens = {"<pad>", "<s>", "</s>"};
constexpr size_t kMostDescribed = 40;
}  // namespace

Vocabulary::Vocabulary(std::vector<std::string> tokens) : tokens_(std::move(tokens)) {
  int64_t number = kFirstToken;
  for (const std::string& token : tokens_) {
    heed::check(!token.empty(), "vocabulary", "tokens must not be empty, got an empty one as number ", number);
    const bool is_new = numbers_.emplace(token, number++).second;
    heed::check(is_new, "vocabulary", "tokens must be different, got '", token, "' twice");
  }
}

Vocabulary Vocabulary::symbols(int64_t count) {
  std::vector<std::string> tokens;
  for (int64_t i = 0; i < count; ++i) {
    tokens.push_back(count <= 26 ? std::string(1, static_cast<char>('a' + i)) : std::to_string(i));
  }
  return Vocabulary(std::move(tokens));
}

const std::string& Vocabulary::token(int64_t number) const {
  heed::check<heed::IndexError>(number >= 0 && number < size(), "vocabulary", "number must be in 0 … ", size() - 1,
                                ", got ", number);
  return number < kFirstToken ? kSpecialTokens[static_cast<size_t>(number)]
                              : tokens_[static_cast<size_t>(number - kFirstToken)];
}

int64_t Vocabulary::number(std::string_view token) const {
  const auto found = numbers_.find(std::string(token));
  return found == numbers_.end() ? kUnknownToken : found->second;
}

Tokens Vocabulary::encode(const std::vector<std::string>& tokens) const {
  Tokens numbers;
  numbers.reserve(tokens.size());
  for (const std::string& token : tokens) {
    numbers.push_back(number(token));
  }
  return numbers;
}

std::vector<std::string> Vocabulary::decode(const Tokens& numbers) const {
  std::vector<std::string> tokens;
  tokens.reserve(numbers.size());
  for (const int64_t number : numbers) {
    tokens.push_back(token(number));
  }
  return tokens;
}

std::string Vocabulary::describe() const {
  std::string text;
  for (size_t i = 0; i < tokens_.size(); ++i) {
    if (i == kMostDescribed && tokens_.size() > kMostDescribed + 2) {
      text += "… " + tokens_.back() + ' ';
      break;
    }
    text += tokens_[i] + ' ';
  }
  return text + '(' + std::to_string(tokens_.size()) + (tokens_.size() == 1 ? " token)" : " tokens)");
}

}  // namespace remember
