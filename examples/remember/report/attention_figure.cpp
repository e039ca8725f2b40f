// Draws attention maps: see attention_figure.h.
#include "report/attention_figure.h"

#include <algorithm>
#include <filesystem>

#include <heed/tensor/reduce.h>
#include <heed/tensor/view.h>

#include "data/task.h"
#include "figure/attention_map.h"
#include "run/memory_map.h"
#include "run/model_spec.h"
#include "run/output_folder.h"

namespace remember {

namespace {

/// Which output tokens are wrong, the end token included; empty without a known answer.
std::vector<bool> wrong_tokens(const DataOptions& data, const Tokens& source, const Tokens& written) {
  const Task* task = find_task(data.task);
  if (task == nullptr) {
    return {};
  }
  Tokens wanted = task->answer(source);
  wanted.push_back(kEndToken);
  std::vector<bool> wrong;
  for (size_t t = 0; t < written.size(); ++t) {
    wrong.push_back(t >= wanted.size() || written[t] != wanted[t]);
  }
  return wrong;
}

}  // namespace

AttentionPicture make_attention_picture(const Model& model, const DataOptions& data, const Tokens& source,
                                        const heed::Hypothesis& output) {
  Tokens written = output.tokens;
  if (output.ended) {
    written.push_back(kEndToken);
  }
  AttentionPicture picture;
  picture.title = "Where " + model_name(model.options()) + " looks" +
                  (data.task == "pairs" ? std::string() : " (" + data.task + ")");
  picture.source = model.source_vocabulary().decode(model.shown_source(source));
  picture.output = model.target_vocabulary().decode(written);
  picture.wrong = wrong_tokens(data, source, written);
  picture.weights = output.weights;
  return picture;
}

AttentionPicture make_memory_picture(Model& model, const DataOptions& data, const Tokens& source,
                                     const heed::Hypothesis& output) {
  AttentionPicture picture = make_attention_picture(model, data, source, output);
  picture.title = "What " + model_name(model.options()) + " remembers" +
                  (data.task == "pairs" ? std::string() : " (" + data.task + ")");
  picture.value_title = "|∂ loss / ∂ embedding|, share of the row";
  const auto steps = static_cast<int64_t>(picture.output.size());
  picture.weights = rows_of_sum_one(heed::narrow(memory_map(model, source, output.tokens), 0, 0, steps));
  const double largest = heed::max(picture.weights).item();
  picture.high = largest > 0 ? largest : 1;
  return picture;
}

std::vector<std::string> draw_attention(const std::vector<AttentionPicture>& pictures, const std::string& path) {
  heed::figure::AttentionMap map;
  map.title = pictures.front().title;
  map.source_title = "input";
  map.output_title = "output";
  map.value_title = pictures.front().value_title;
  map.high = 0;
  for (const AttentionPicture& picture : pictures) {
    map.high = std::max(map.high, picture.high);
  }
  for (const AttentionPicture& picture : pictures) {
    map.panels.push_back({picture.weights, picture.source, picture.output, picture.wrong, picture.subtitle});
  }
  const std::filesystem::path file = path;
  const bool single = file.extension() == ".png" || file.extension() == ".svg";
  if (file.has_parent_path()) {
    make_folder(file.parent_path().string());
  }
  std::vector<std::string> files;
  for (const char* extension : {".png", ".svg"}) {
    if (!single || file.extension() == extension) {
      files.push_back(single ? path : path + extension);
      map.save(files.back());
    }
  }
  return files;
}

}  // namespace remember
