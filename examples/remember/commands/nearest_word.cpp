// Suggestions for misspelt words: see nearest_word.h.
#include "commands/nearest_word.h"

#include "run/edit_distance.h"
#include "text/words.h"

namespace remember {

std::string did_you_mean(const std::vector<std::string>& words, const std::string& given) {
  const std::string sought = in_lower_case(given);
  std::string nearest;
  int64_t fewest = 3;
  for (const std::string& word : words) {
    const int64_t edits = edit_distance(word, sought);
    if (edits < fewest && edits < static_cast<int64_t>(word.size())) {
      fewest = edits;
      nearest = word;
    }
  }
  return nearest.empty() ? "" : "; did you mean " + nearest + '?';
}

}  // namespace remember
