// Builds the described model within the memory of the stored one: see expected_state.h.
#include "run/expected_state.h"

#include <string>
#include <unordered_map>

#include <heed/tensor/allocation_limit.h>
#include <heed/tensor/error.h>
#include <heed/tensor/random.h>

namespace remember {

namespace {

using Infos = std::vector<std::pair<std::string, heed::TensorInfo>>;
using Shapes = std::unordered_map<std::string, heed::TensorInfo>;

int64_t bytes_of(const Infos& infos) {
  int64_t bytes = 0;
  for (const auto& [name, info] : infos) {
    bytes += info.shape.numel() * heed::size_of(info.dtype);
  }
  return bytes;
}

/// The parameters of the model. Making it takes several times as much memory where most of it are embeddings, since
/// what is freed in between counts, and little for small ones.
Shapes described_parameters(const RunDescription& description, int64_t bytes) {
  constexpr int64_t kTimes = 8, kSmall = int64_t{1} << 20;
  const heed::GeneratorState drawn = heed::default_generator().state();
  Shapes shapes;
  try {
    const heed::AllocationLimit limit(kTimes * bytes + kSmall);
    Model model(description.options.model, description.source_vocabulary, description.target_vocabulary);
    for (const auto& [name, value] : model.network().state_dict()) {
      shapes[name] = {value.shape(), value.dtype()};
    }
  } catch (const heed::AllocationError&) {
    heed::default_generator().set_state(drawn);
    heed::fail("model", "the description asks for a model larger than the ", bytes,
               " bytes of parameters that are there");
  }
  heed::default_generator().set_state(drawn);
  return shapes;
}

void compare_model(const Infos& stored, const Shapes& described) {
  for (const auto& [name, info] : stored) {
    const auto wanted = described.find(name);
    heed::check(wanted != described.end(), "model." + name, "unexpected: the model has no such parameter");
    const auto& [shape, dtype] = wanted->second;
    heed::check(info.shape == shape && info.dtype == dtype, "model." + name, "wrong shape: must be ", dtype, ' ', shape,
                ", got ", info.dtype, ' ', info.shape);
  }
  heed::check(stored.size() == described.size(), "model", "must have ", described.size(), " parameters, got ",
              stored.size());
}

/// An optimiser's state is a tensor like the parameter, or a number; Adam has two of the first.
void compare_optimizer(const Infos& stored, const Shapes& described, int64_t model_bytes) {
  for (const auto& [name, info] : stored) {
    const size_t begin = name.find('.'), end = name.rfind('.');
    const auto parameter = begin < end ? described.find(name.substr(begin + 1, end - begin - 1)) : described.end();
    const bool is_like_parameter = name.starts_with("state.") && parameter != described.end() &&
                                   info.shape == parameter->second.shape && info.dtype == parameter->second.dtype;
    heed::check(info.shape.rank() == 0 || is_like_parameter, "optimizer." + name,
                "must be a number, or of its parameter's shape, got ", info.dtype, ' ', info.shape);
  }
  const int64_t numbers = 8 * static_cast<int64_t>(stored.size());
  heed::check(bytes_of(stored) <= 2 * model_bytes + numbers, "optimizer", "must hold two moments per parameter, got ",
              bytes_of(stored), " bytes for a model of ", model_bytes);
}

}  // namespace

void require_expected(const heed::CheckpointOutline& outline, const RunDescription& description) {
  const int64_t bytes = bytes_of(outline.model);
  const Shapes described = described_parameters(description, bytes);
  compare_model(outline.model, described);
  compare_optimizer(outline.optimizer, described, bytes);
  heed::check(outline.data.empty(), "data." + (outline.data.empty() ? "" : outline.data.front().first),
              "unexpected: remember saves no data");
}

}  // namespace remember
