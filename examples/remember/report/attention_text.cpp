// Attention maps as text: see attention_text.h.
#include "report/attention_text.h"

#include <algorithm>

#include "text/number.h"
#include "text/text_width.h"

namespace remember {

namespace {

constexpr int64_t kLongestLabel = 12;

/// ".42", "1.0", or "." for what would be ".00".
std::string weight_text(double weight) {
  if (weight < 0.005) {
    return ". ";
  }
  return weight >= 0.995 ? "1.0" : fixed(weight, 2).substr(1);
}

int64_t widest(const std::vector<std::string>& labels, int64_t least) {
  int64_t width = least;
  for (const std::string& label : labels) {
    width = std::max(width, std::min(text_width(label), kLongestLabel));
  }
  return width;
}

}  // namespace

std::string attention_text(const std::vector<std::string>& source, const std::vector<std::string>& output,
                           const heed::Tensor& weights) {
  const int64_t label_width = widest(output, 1);
  const int64_t cell_width = widest(source, 3) + 1;
  std::string text(static_cast<size_t>(label_width + 1), ' ');
  for (const std::string& token : source) {
    text += padded(shortened(token, kLongestLabel), cell_width, true) + ' ';
  }
  text.erase(text.find_last_not_of(' ') + 1);
  text += '\n';
  for (int64_t t = 0; t < static_cast<int64_t>(output.size()); ++t) {
    int64_t strongest = 0;
    for (int64_t s = 1; s < weights.size(1); ++s) {
      strongest = weights.at({t, s}) > weights.at({t, strongest}) ? s : strongest;
    }
    text += padded(shortened(output[static_cast<size_t>(t)], kLongestLabel), label_width + 1);
    for (int64_t s = 0; s < weights.size(1); ++s) {
      const std::string weight = weight_text(weights.at({t, s}));
      text += padded(s == strongest ? '[' + weight : weight, cell_width, true) + (s == strongest ? ']' : ' ');
    }
    text.erase(text.find_last_not_of(' ') + 1);
    text += '\n';
  }
  return text;
}

}  // namespace remember
