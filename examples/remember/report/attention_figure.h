// Attention maps as figures.
#pragma once

#include <string>
#include <vector>

#include <heed/nn/seq2seq/greedy_search.h>

#include "run/model.h"

namespace remember {

/// One output with its attention weights or its memory map.
struct AttentionPicture {
  std::string title;
  std::string subtitle;
  std::vector<std::string> source;
  std::vector<std::string> output;  ///< with the end token if the model wrote it
  std::vector<bool> wrong;          ///< per output token; empty without a known answer
  heed::Tensor weights;             ///< (output, source); rows sum to 1
  std::string value_title = "attention weight";
  double high = 1;  ///< the weight with the brightest colour
};

/// `output`: of the model, which must have attention, for `source`.
AttentionPicture make_attention_picture(const Model& model, const DataOptions& data, const Tokens& source,
                                        const heed::Hypothesis& output);

/// The same for any model, with its memory map, rows divided by their sums.
AttentionPicture make_memory_picture(Model& model, const DataOptions& data, const Tokens& source,
                                     const heed::Hypothesis& output);

/// Draws the maps side by side, with the title and the colour bar of the first. `path` ends in .png or .svg; without
/// either both files are written. Returns the files. Throws heed::FileError.
std::vector<std::string> draw_attention(const std::vector<AttentionPicture>& pictures, const std::string& path);

}  // namespace remember
