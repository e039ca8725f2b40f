// AttentionMap: the attention weights of each output token, one map or several side by side.
#pragma once

#include <string>
#include <vector>

#include <heed/tensor/tensor.h>

namespace heed::figure {

struct AttentionPanel {
  Tensor weights;                   ///< (T, S), in 0 … 1: a row per output token, a column per source token
  std::vector<std::string> source;  ///< S tokens; empty for numbers
  std::vector<std::string> output;  ///< T tokens; empty for numbers
  std::vector<bool> wrong = {};     ///< T, or none: which output tokens to mark as wrong
  std::string subtitle = {};
};

struct AttentionMap {
  std::string title;
  std::vector<AttentionPanel> panels;
  std::string source_title = "source";
  std::string output_title = "output";
  std::string value_title = "attention weight";
  double high = 1;  ///< the value of the colour bar's yellow; its violet is 0

  /// Writes a PNG or an SVG, by the ending of `path`. Throws ValueError without panels, for a matrix without
  /// elements and for labels that do not fit; FileError if the file cannot be written.
  void save(const std::string& path) const;
};

}  // namespace heed::figure
