// Attention maps as pictures.
#pragma once

#include <string>
#include <vector>

#include <heed/nn/seq2seq/greedy_search.h>

#include "run/model.h"

namespace remember {

/// One output with where the model looked for each of its tokens, or what it remembered.
struct AttentionPicture {
  std::string title;
  std::string subtitle;
  std::vector<std::string> source;
  std::vector<std::string> output;  ///< with the end mark, if it came
  std::vector<bool> wrong;          ///< which output tokens are wrong; empty when the answer is not known
  heed::Tensor weights;             ///< (output, source): every row adds up to 1
  std::string value_title = "attention weight";
  double high = 1;  ///< the weight that is drawn yellow
};

/// `output` is what the model, which must have attention, wrote for `source`.
AttentionPicture make_attention_picture(const Model& model, const DataOptions& data, const Tokens& source,
                                        const heed::Hypothesis& output);

/// The same for any model: of its memory map each row as shares of the row.
AttentionPicture make_memory_picture(Model& model, const DataOptions& data, const Tokens& source,
                                     const heed::Hypothesis& output);

/// Draws pictures side by side, under the title and with the colour bar of the first. `path` ends in .png or .svg, or
/// gets both ends. Returns the files written. Throws heed::FileError.
std::vector<std::string> draw_attention(const std::vector<AttentionPicture>& pictures, const std::string& path);

}  // namespace remember
