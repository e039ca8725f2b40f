// Checkpoints: names of members, and their checks.
#include <heed/nn/core/checkpoint.h>

#include <algorithm>
#include <bit>
#include <functional>
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

Tensor whole_number(int64_t value) { return from_vector<int64_t>({value}, {}); }

Tensor pack(const GeneratorState& state) {
  return tensor<int64_t>(
      {std::bit_cast<int64_t>(state.seed), std::bit_cast<int64_t>(state.stream), std::bit_cast<int64_t>(state.offset)});
}

/// Reads members, naming file and member where one is not what it must be.
class Members {
 public:
  explicit Members(const std::string& path) : path_(path), reader_(path) {}

  int64_t whole_number(const std::string& name) const {
    require(reader_.contains(name), name, "is missing: this is not a checkpoint");
    const Tensor value = reader_.tensor(name);
    require(value.dtype() == DType::int64 && value.rank() == 0, name, "must be a whole number");
    const auto number = value.item<int64_t>();
    require(number >= 0, name, "must be at least 0");
    return number;
  }
  std::string text(const std::string& name) const {
    require(reader_.contains(name), name, "is missing: this is not a checkpoint");
    return reader_.text(name);
  }
  GeneratorState generator(const std::string& name) const {
    const Tensor packed = reader_.tensor(name);
    require(packed.dtype() == DType::int64 && packed.shape() == Shape{3}, name, "must be three whole numbers");
    const std::vector<int64_t> numbers = packed.to_vector<int64_t>();
    return {std::bit_cast<uint64_t>(numbers[0]), std::bit_cast<uint64_t>(numbers[1]),
            std::bit_cast<uint64_t>(numbers[2])};
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

void take_member(Checkpoint& checkpoint, const Members& members, const std::string& name) {
  if (const auto rest = after(name, kModel); !rest.empty()) {
    checkpoint.model.emplace_back(rest, members.reader().tensor(name));
  } else if (const auto of_optimizer = after(name, kOptimizer); !of_optimizer.empty()) {
    checkpoint.optimizer.emplace_back(of_optimizer, members.reader().tensor(name));
  } else if (const auto of_generator = after(name, kGenerator); !of_generator.empty()) {
    checkpoint.generators.emplace_back(of_generator, members.generator(name));
  } else if (const auto of_data = after(name, kData); !of_data.empty()) {
    checkpoint.progress.data.emplace_back(of_data, members.reader().tensor(name));
  } else {
    members.require(is_single_member(name), name, "is no part of a checkpoint");
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
    const auto same = [&name = name](const auto& entry) { return entry.first == name; };
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

Checkpoint load_checkpoint(const std::string& path) {
  const Members members(path);
  const int64_t format = members.whole_number("format");
  members.require(format >= 1 && format <= kFormat, "format", "is ", format, ", and this version of heed reads up to ",
                  kFormat, format > kFormat ? ": a later version wrote it" : "");
  Checkpoint checkpoint;
  checkpoint.progress.step = members.whole_number("step");
  checkpoint.progress.epoch = members.whole_number("epoch");
  checkpoint.progress.position = members.whole_number("position");
  checkpoint.progress.configuration = members.text("configuration");
  checkpoint.progress.metrics = members.text("metrics");
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
