// Vocabulary: tokens and their numbers.
//
//   const Vocabulary words = Vocabulary::of({{"the", "cat"}, {"the", "dog"}}, {.min_count = 1});
//   words.encode({"the", "bird"});   // {4, 3}: 3 is <unk>
//   words.save("words.txt");
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace heed {

struct VocabularyOptions {
  /// The first tokens. The numbers of the first three are those of SpecialTokens (seq2seq.h).
  std::vector<std::string> special = {"<pad>", "<s>", "</s>", "<unk>"};
  /// The special token that stands for all that the vocabulary does not have; "": such tokens are errors.
  std::string unknown = "<unk>";
  /// How often a token must occur to be taken from a text.
  int64_t min_count = 1;
};

/// How often each token occurs.
using TokenCounts = std::unordered_map<std::string, int64_t>;

class Vocabulary {
 public:
  Vocabulary() : Vocabulary(std::vector<std::string>()) {}
  /// The special tokens, then `tokens` in their order. min_count does not matter. Throws ValueError for a token that is
  /// empty, has a line break or NUL in it or is there twice, and for an `unknown` that is not special.
  explicit Vocabulary(std::vector<std::string> tokens, const VocabularyOptions& options = {});
  /// The special tokens, then the others by count, the most frequent first, those of one count by their bytes. Special
  /// tokens in the text are those special tokens.
  static Vocabulary of(const TokenCounts& counts, const VocabularyOptions& options = {});
  static Vocabulary of(const std::vector<std::vector<std::string>>& sentences, const VocabularyOptions& options = {});

  /// Number of tokens, the special ones included.
  int64_t size() const { return static_cast<int64_t>(tokens_.size()); }
  int64_t special_size() const { return special_size_; }
  const std::vector<std::string>& tokens() const { return tokens_; }
  /// Throws IndexError unless `number` is in 0 … size() - 1.
  const std::string& token(int64_t number) const;
  /// The token's own number, if it has one.
  std::optional<int64_t> find(std::string_view token) const;
  /// The token's number, or that of the unknown token. Throws ValueError when there is neither.
  int64_t number(std::string_view token) const;
  /// What number() gives for tokens without a number.
  std::optional<int64_t> unknown() const { return unknown_; }

  std::vector<int64_t> encode(const std::vector<std::string>& tokens) const;
  std::vector<std::string> decode(const std::vector<int64_t>& numbers) const;

  /// Writes a text file, whole or not at all: "heed vocabulary 1", "special S unknown U" (U is a number, or "none"),
  /// then a token per line. Throws FileError.
  void save(const std::string& path) const;
  /// Throws FileError "path:line: …" for a file that save() did not write so.
  static Vocabulary load(const std::string& path);

  friend bool operator==(const Vocabulary&, const Vocabulary&) = default;

 private:
  std::vector<std::string> tokens_;
  std::unordered_map<std::string, int64_t> numbers_;
  int64_t special_size_ = 0;
  std::optional<int64_t> unknown_;
};

}  // namespace heed
