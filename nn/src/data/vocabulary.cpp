// Vocabulary: see vocabulary.h.
#include <heed/nn/data/vocabulary.h>

#include <algorithm>
#include <charconv>
#include <utility>

#include <heed/tensor/error.h>
#include <heed/tensor/file.h>
#include <heed/tensor/text_file.h>
#include <heed/tensor/utf8.h>

namespace heed {
namespace {

constexpr std::string_view kHeading = "heed vocabulary 1";
/// What LineReader takes.
constexpr size_t kLongestToken = size_t{1} << 20;

void check_token(const std::string& token, size_t number) {
  check(!token.empty(), "vocabulary", "tokens must not be empty, got an empty one as number ", number);
  check(token.find_first_of(std::string_view("\n\r\0", 3)) == std::string::npos, "vocabulary",
        "tokens must be without line breaks and NUL, got '", printable(token), "'");
  check(token.size() < kLongestToken, "vocabulary", "tokens must be shorter than 1 MiB, got '", printable(token), "'");
}

/// Takes "NAME N " or "NAME N" from the front of `text`; nothing when it does not begin so.
std::optional<int64_t> take_number(std::string_view& text, std::string_view name) {
  if (!text.starts_with(name)) {
    return std::nullopt;
  }
  text.remove_prefix(name.size());
  int64_t number = -1;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || number < 0) {
    return std::nullopt;
  }
  text.remove_prefix(static_cast<size_t>(end - text.data()));
  return number;
}

struct Special {
  int64_t size = 0;
  std::optional<int64_t> unknown = {};
};

/// Of the line "special S unknown U".
std::optional<Special> parse_special(std::string_view line) {
  const auto size = take_number(line, "special ");
  if (!size || line == " unknown none") {
    return size ? std::optional(Special{*size}) : std::nullopt;
  }
  const auto unknown = take_number(line, " unknown ");
  return unknown && *unknown < *size && line.empty() ? std::optional(Special{*size, unknown}) : std::nullopt;
}

}  // namespace

Vocabulary::Vocabulary(std::vector<std::string> tokens, const VocabularyOptions& options)
    : tokens_(options.special), special_size_(static_cast<int64_t>(options.special.size())) {
  tokens_.insert(tokens_.end(), std::make_move_iterator(tokens.begin()), std::make_move_iterator(tokens.end()));
  numbers_.reserve(tokens_.size());
  for (size_t i = 0; i < tokens_.size(); ++i) {
    check_token(tokens_[i], i);
    const bool is_new = numbers_.emplace(tokens_[i], static_cast<int64_t>(i)).second;
    check(is_new, "vocabulary", "tokens must be different, got '", printable(tokens_[i]), "' twice");
  }
  if (!options.unknown.empty()) {
    unknown_ = find(options.unknown);
    check(unknown_ && *unknown_ < special_size_, "vocabulary",
          "the unknown token must be one of the special ones, got '", printable(options.unknown), "'");
  }
}

Vocabulary Vocabulary::of(const TokenCounts& counts, const VocabularyOptions& options) {
  check(options.min_count >= 1, "vocabulary", "min_count must be at least 1, got ", options.min_count);
  std::vector<std::pair<int64_t, std::string>> taken;
  for (const auto& [token, count] : counts) {
    if (count >= options.min_count &&
        std::find(options.special.begin(), options.special.end(), token) == options.special.end()) {
      taken.emplace_back(-count, token);
    }
  }
  std::sort(taken.begin(), taken.end());
  std::vector<std::string> tokens;
  tokens.reserve(taken.size());
  for (auto& [count, token] : taken) {
    tokens.push_back(std::move(token));
  }
  return Vocabulary(std::move(tokens), options);
}

Vocabulary Vocabulary::of(const std::vector<std::vector<std::string>>& sentences, const VocabularyOptions& options) {
  TokenCounts counts;
  for (const std::vector<std::string>& sentence : sentences) {
    for (const std::string& token : sentence) {
      ++counts[token];
    }
  }
  return of(counts, options);
}

const std::string& Vocabulary::token(int64_t number) const {
  check<IndexError>(number >= 0 && number < size(), "vocabulary", "number must be in 0 … ", size() - 1, ", got ",
                    number);
  return tokens_[static_cast<size_t>(number)];
}

std::optional<int64_t> Vocabulary::find(std::string_view token) const {
  const auto found = numbers_.find(std::string(token));
  return found == numbers_.end() ? std::nullopt : std::optional(found->second);
}

int64_t Vocabulary::number(std::string_view token) const {
  const std::optional<int64_t> found = find(token);
  check(found || unknown_, "vocabulary", "token '", printable(token), "' is not among the ", size(),
        " tokens, and there is no unknown token");
  return found ? *found : *unknown_;
}

std::vector<int64_t> Vocabulary::encode(const std::vector<std::string>& tokens) const {
  std::vector<int64_t> numbers;
  numbers.reserve(tokens.size());
  for (const std::string& token : tokens) {
    numbers.push_back(number(token));
  }
  return numbers;
}

std::vector<std::string> Vocabulary::decode(const std::vector<int64_t>& numbers) const {
  std::vector<std::string> tokens;
  tokens.reserve(numbers.size());
  for (const int64_t number : numbers) {
    tokens.push_back(token(number));
  }
  return tokens;
}

void Vocabulary::save(const std::string& path) const {
  std::string text(kHeading);
  text += "\nspecial " + std::to_string(special_size_) + " unknown " + (unknown_ ? std::to_string(*unknown_) : "none") +
          '\n';
  for (const std::string& token : tokens_) {
    text += token + '\n';
  }
  write_file(path, text);
}

Vocabulary Vocabulary::load(const std::string& path) {
  LineReader reader(path);
  const auto require = [&reader](bool condition, const auto&... rule) {
    check<FileError>(condition, reader.path() + ':' + std::to_string(reader.line_number()), rule...);
  };
  std::string line;
  bool is_there = reader.next(line);
  require(is_there && line == kHeading, "must begin with '", kHeading, "', got '", printable(line), "'");
  line.clear();
  is_there = reader.next(line);
  const std::optional<Special> special = parse_special(line);
  require(is_there && special, "must be 'special S unknown U', got '", printable(line), "'");
  Vocabulary result(std::vector<std::string>(), {.special = {}, .unknown = ""});
  while (reader.next(line)) {
    require(!line.empty(), "tokens must not be empty");
    require(result.numbers_.emplace(line, result.size()).second, "tokens must be different, got '", printable(line),
            "' again");
    result.tokens_.push_back(line);
  }
  check<FileError>(result.size() >= special->size, path, "must have ", special->size, " special tokens, has ",
                   result.size(), " tokens");
  result.special_size_ = special->size;
  result.unknown_ = special->unknown;
  return result;
}

}  // namespace heed
