// The word that was probably meant.
#pragma once

#include <string>
#include <vector>

namespace remember {

/// "; did you mean WORD?" with the word that is most like `given`, whatever its case; empty when none is.
std::string did_you_mean(const std::vector<std::string>& words, const std::string& given);

}  // namespace remember
