// Matches sizes: see matched_size.h.
#include "run/matched_size.h"

#include <cstdlib>
#include <numeric>

#include <heed/nn/transformer/position_kind.h>

#include "data/task.h"
#include "run/model.h"

namespace remember {

int64_t parameter_count(const RunOptions& options) {
  const Vocabulary vocabulary(find_task(options.data.task)->tokens(options.data.symbols));
  return Model(options.model, vocabulary, vocabulary).network().parameter_count();
}

int64_t matched_hidden(RunOptions options, int64_t parameters) {
  const int64_t unit = is_transformer(options.model)
                           ? std::lcm(int64_t{4}, heed::size_unit(heed::parse_position_kind(options.model.positions),
                                                                  options.model.heads))
                           : 1;
  const auto count = [&](int64_t units) {
    options.model.hidden = units * unit;
    return parameter_count(options);
  };
  int64_t below = 1;  // not too many parameters; `above` has too many
  int64_t above = 2;
  while (count(above) <= parameters) {
    below = above;
    above *= 2;
  }
  while (above - below > 1) {
    const int64_t middle = (below + above) / 2;
    (count(middle) <= parameters ? below : above) = middle;
  }
  const bool lower = std::abs(count(below) - parameters) <= std::abs(count(above) - parameters);
  return (lower ? below : above) * unit;
}

}  // namespace remember
