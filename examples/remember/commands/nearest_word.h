// Suggestions for misspelt words.
#pragma once

#include <string>
#include <vector>

namespace remember {

/// "; did you mean WORD?" with the word nearest to `given`, in any case of letters; empty if none is near.
std::string did_you_mean(const std::vector<std::string>& words, const std::string& given);

}  // namespace remember
