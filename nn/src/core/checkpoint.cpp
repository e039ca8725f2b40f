// Checkpoints: names of members, and their checks.
#include <heed/nn/core/checkpoint.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <filesystem>
#include <functional>
#include <limits>
#include <string_view>

#include <heed/tensor/create.h>
#include <heed/tensor/error.h>
#include <heed/tensor/npz.h>

#include "core/module_state.h"

namespace heed {
namespace {

// 1: without the optimiser's options, which are not compared then. 2: with them.
constexpr int64_t kFormat = 2;
constexpr const char* kDefaultGenerator = "default";

constexpr const char* kModel = "model.";
constexpr const char* kOptimizer = "optimizer.";
constexpr const char* kGenerator = "generator.";
constexpr const char* kData = "data.";

/// Of configuration and metrics, in bytes.
constexpr int64_t kLongestText = int64_t{8} << 20;
/// How many times its size a file may take in memory, and what a small one may take besides.
constexpr int64_t kMostUnpacked = 100, kAlwaysUnpacked = int64_t{1} << 20;

Tensor whole_number(int64_t value) { return from_vector<int64_t>({value}, {}); }

Tensor pack(const GeneratorState& state) {
  return tensor<int64_t>(
      {std::bit_cast<int64_t>(state.seed), std::bit_cast<int64_t>(state.stream), std::bit_cast<int64_t>(state.offset)});
}

template <class T>
bool has_nan_of(const Tensor& tensor) {
  const T* values = tensor.data<T>();
  return std::any_of(values, values + tensor.numel(), [](T value) { return std::isnan(value); });
}

bool has_nan(const Tensor& tensor) {
  return (tensor.dtype() == DType::float32 && has_nan_of<float>(tensor)) ||
         (tensor.dtype() == DType::float64 && has_nan_of<double>(tensor));
}

/// The most bytes that the members of a file may take.
int64_t most_unpacked(const std::string& path) {
  std::error_code none;
  const uintmax_t bytes = std::filesystem::file_size(path, none);
  return none ? std::numeric_limits<int64_t>::max()  // a pipe, which is bounded
              : static_cast<int64_t>(bytes) * kMostUnpacked + kAlwaysUnpacked;
}

/// Reads members, naming file and member where one is not what it must be.
class Members {
 public:
  explicit Members(const std::string& path) : path_(path), reader_(path) {}

  int64_t whole_number(const std::string& name) const {
    require(reader_.contains(name), name, "is missing: this is not a checkpoint");
    const TensorInfo info = reader_.info(name);
    require(info.dtype == DType::int64 && info.shape.rank() == 0, name, "must be a whole number");
    const auto number = reader_.tensor(name).item<int64_t>();
    require(number >= 0, name, "must be at least 0");
    return number;
  }
  std::string text(const std::string& name) const {
    require(reader_.contains(name), name, "is missing: this is not a checkpoint");
    return reader_.text(name, kLongestText);
  }
  GeneratorState generator(const std::string& name) const {
    const TensorInfo info = reader_.info(name);
    require(info.dtype == DType::int64 && info.shape == Shape{3}, name, "must be three whole numbers");
    const std::vector<int64_t> numbers = reader_.tensor(name).to_vector<int64_t>();
    return {std::bit_cast<uint64_t>(numbers[0]), std::bit_cast<uint64_t>(numbers[1]),
            std::bit_cast<uint64_t>(numbers[2])};
  }
  /// A tensor without NaN.
  Tensor values(const std::string& name) const {
    Tensor tensor = reader_.tensor(name);
    require(!has_nan(tensor), name, "must hold numbers, got NaN");
    return tensor;
  }
  const NpzReader& reader() const { return reader_; }

  template <class... Parts>
  void require(bool condition, const std::string& name, const Parts&... parts) const {
    check<FileError>(condition, "load_checkpoint", path_, ": ", name, " ", parts...);
  }

 private:
  std::string path_;
  NpzReader reader_;
};

/// The rest of `name` after `prefix`, or nothing.
std::string_view after(std::string_view name, std::string_view prefix) {
  return name.starts_with(prefix) ? name.substr(prefix.size()) : std::string_view();
}

bool is_single_member(std::string_view name) {
  constexpr std::string_view kSingle[] = {"format", "step", "epoch", "position", "configuration", "metrics"};
  return std::find(std::begin(kSingle), std::end(kSingle), name) != std::end(kSingle);
}

StateDict* parts_data(Checkpoint& checkpoint) { return &checkpoint.progress.data; }
auto* parts_data(CheckpointOutline& outline) { return &outline.data; }

/// Where a member belongs, by its name; null for those that are no tensors of the state.
template <class Parts>
auto* part_of(Parts& parts, std::string_view name, std::string& rest) {
  decltype(&parts.model) part = nullptr;
  for (const auto& [prefix, of_prefix] :
       {std::pair{kModel, &parts.model}, {kOptimizer, &parts.optimizer}, {kData, parts_data(parts)}}) {
    if (const std::string_view found = after(name, prefix); !found.empty()) {
      part = of_prefix;
      rest = found;
    }
  }
  return part;
}

/// Looks at names and headers alone.
CheckpointOutline outline_of(const Members& members, const std::string& path) {
  CheckpointOutline outline;
  int64_t bytes = 0;
  for (const std::string& name : members.reader().names()) {
    std::string rest;
    if (auto* part = part_of(outline, name, rest)) {
      const TensorInfo info = members.reader().info(name);
      bytes += info.shape.numel() * size_of(info.dtype);
      members.require(bytes <= most_unpacked(path), name, "cannot be read: the file's members take more than ",
                      kMostUnpacked, " times its size");
      part->emplace_back(rest, info);
    } else {
      members.require(is_single_member(name) || !after(name, kGenerator).empty(), name, "is no part of a checkpoint");
    }
  }
  return outline;
}

/// Throws ValueError for what load_checkpoint() would refuse.
void require_loadable(const Checkpoint& checkpoint) {
  for (const auto& [name, text] :
       {std::pair{"configuration", &checkpoint.progress.configuration}, {"metrics", &checkpoint.progress.metrics}}) {
    check(static_cast<int64_t>(text->size()) <= kLongestText, "save_checkpoint", name, " must have at most ",
          kLongestText, " bytes of text, got ", text->size());
  }
  for (const auto& [prefix, part] :
       {std::pair{kModel, &checkpoint.model}, std::pair{kOptimizer, &checkpoint.optimizer}}) {
    for (const auto& [name, tensor] : *part) {
      check(!has_nan(tensor), "save_checkpoint", prefix, name, " must hold numbers, got NaN");
    }
  }
}

void take_member(Checkpoint& checkpoint, const Members& members, const std::string& name) {
  std::string rest;
  if (auto* part = part_of(checkpoint, name, rest)) {
    part->emplace_back(rest, part == &checkpoint.progress.data ? members.reader().tensor(name) : members.values(name));
  } else if (const auto of_generator = after(name, kGenerator); !of_generator.empty()) {
    checkpoint.generators.emplace_back(of_generator, members.generator(name));
  }
}

const GeneratorState& generator_state(const Checkpoint& checkpoint, const std::string& wanted) {
  for (const auto& [name, state] : checkpoint.generators) {
    if (name == wanted) {
      return state;
    }
  }
  fail("restore", "the checkpoint has no generator '", wanted, "'");
}

}  // namespace

Checkpoint capture(const Module& model, const Optimizer* optimizer, const NamedGenerators& generators,
                   TrainingProgress progress) {
  Checkpoint checkpoint;
  checkpoint.model = model.state_dict();
  if (optimizer != nullptr) {
    checkpoint.optimizer = optimizer->state_dict();
  }
  checkpoint.generators.emplace_back(kDefaultGenerator, default_generator().state());
  for (const auto& [name, generator] : generators) {
    const auto same = [&wanted = name](const auto& entry) { return entry.first == wanted; };
    check(!name.empty() && std::none_of(checkpoint.generators.begin(), checkpoint.generators.end(), same), "capture",
          "the generator name '", name, "' is empty or taken");
    checkpoint.generators.emplace_back(name, generator->state());
  }
  checkpoint.progress = std::move(progress);
  return checkpoint;
}

void save_checkpoint(const std::string& path, const Checkpoint& checkpoint) {
  const TrainingProgress& progress = checkpoint.progress;
  check(progress.step >= 0 && progress.epoch >= 0 && progress.position >= 0, "save_checkpoint",
        "step, epoch and position must be at least 0, got ", progress.step, ", ", progress.epoch, " and ",
        progress.position);
  require_loadable(checkpoint);
  NpzWriter writer;
  writer.add("format", whole_number(kFormat));
  writer.add("step", whole_number(checkpoint.progress.step));
  writer.add("epoch", whole_number(checkpoint.progress.epoch));
  writer.add("position", whole_number(checkpoint.progress.position));
  writer.add_text("configuration", checkpoint.progress.configuration);
  writer.add_text("metrics", checkpoint.progress.metrics);
  for (const auto& [name, state] : checkpoint.generators) {
    writer.add(kGenerator + name, pack(state));
  }
  for (const auto& [prefix, members] : {std::pair{kModel, &checkpoint.model},
                                        {kOptimizer, &checkpoint.optimizer},
                                        {kData, &checkpoint.progress.data}}) {
    for (const auto& [name, value] : *members) {
      writer.add(prefix + name, value);
    }
  }
  // Weights hardly shrink when deflated, and a run saves often.
  writer.save(path, /*compress=*/false);
}

Checkpoint load_checkpoint(const std::string& path, const std::function<void(const CheckpointOutline&)>& accept) {
  const Members members(path);
  const int64_t format = members.whole_number("format");
  members.require(format >= 1 && format <= kFormat, "format", "is ", format, ", and this version of heed reads up to ",
                  kFormat, format > kFormat ? ": a later version wrote it" : "");
  CheckpointOutline outline = outline_of(members, path);
  outline.progress.step = members.whole_number("step");
  outline.progress.epoch = members.whole_number("epoch");
  outline.progress.position = members.whole_number("position");
  outline.progress.configuration = members.text("configuration");
  outline.progress.metrics = members.text("metrics");
  if (accept) {
    accept(outline);
  }
  Checkpoint checkpoint;
  checkpoint.progress = std::move(outline.progress);
  for (const std::string& name : members.reader().names()) {
    take_member(checkpoint, members, name);
  }
  return checkpoint;
}

void restore(const Checkpoint& checkpoint, Module& model, Optimizer* optimizer, const NamedGenerators& generators) {
  const GeneratorState default_state = generator_state(checkpoint, kDefaultGenerator);
  std::vector<GeneratorState> states;
  for (const auto& [name, generator] : generators) {
    states.push_back(generator_state(checkpoint, name));
  }
  check(optimizer == nullptr || !checkpoint.optimizer.empty(), "restore",
        "the checkpoint was saved without an optimizer; pass nullptr to restore the model alone");
  detail::matched_state(model, checkpoint.model, /*strict=*/true);
  const std::function<void()> load_optimizer =
      optimizer == nullptr ? [] {} : optimizer->prepare_load(checkpoint.optimizer);
  model.load_state_dict(checkpoint.model);
  load_optimizer();
  default_generator().set_state(default_state);
  for (size_t i = 0; i < generators.size(); ++i) {
    generators[i].second->set_state(states[i]);
  }
}

}  // namespace heed
