// Checkpoints: everything back, the same bytes, and training that goes on as if it had not stopped.
#include <unistd.h>

#include <filesystem>
#include <limits>

#include <heed/autograd/backward.h>
#include <heed/autograd/elementwise.h>
#include <heed/autograd/reduce.h>
#include <heed/nn/core/checkpoint.h>
#include <heed/nn/core/dropout.h>
#include <heed/nn/core/linear.h>
#include <heed/nn/optim/adam.h>
#include <heed/nn/optim/clip.h>
#include <heed/nn/optim/lr_schedule.h>
#include <heed/nn/optim/sgd.h>
#include <heed/tensor/compare.h>
#include <heed/tensor/create.h>
#include <heed/tensor/error.h>
#include <heed/tensor/file.h>
#include <heed/tensor/index.h>
#include <heed/tensor/npz.h>
#include <heed/tensor/view.h>

#include "support/catch.h"

using namespace heed;

namespace {

/// A folder of its own that goes away with the test.
class Folder {
 public:
  Folder() : path_(std::filesystem::temp_directory_path() / ("heed_checkpoint_" + std::to_string(::getpid()))) {
    std::filesystem::create_directories(path_);
  }
  ~Folder() { std::filesystem::remove_all(path_); }
  std::string operator/(const std::string& name) const { return (path_ / name).string(); }

 private:
  std::filesystem::path path_;
};

class Net : public Module {
 public:
  Net() : first_(5, 8), second_(8, 3) {
    register_module("first", first_);
    register_module("dropout", dropout_);
    register_module("second", second_);
  }
  Variable forward(const Variable& x) const { return second_.forward(dropout_.forward(tanh(first_.forward(x)))); }

 private:
  Linear first_, second_;
  Dropout dropout_{0.3};
};

constexpr int64_t kExamples = 12;
constexpr int64_t kBatch = 4;

/// A run with dropout, a schedule, momentum and an order of examples drawn anew each pass.
struct Run {
  Net net;
  AdamW optimizer{net, {.lr = 0.05, .amsgrad = true}};
  LRSchedule schedule = WarmUp(2, CosineAnnealingLR(9));
  Generator shuffling{5, 1};
  TrainingProgress progress;

  void step() {
    if (progress.position == 0) {
      progress.data = {{"order", randperm(kExamples, shuffling)}};
    }
    Generator examples(99);
    const Tensor inputs = randn({kExamples, 5}, DType::float32, examples);
    const Tensor rows = narrow(progress.data[0].second, 0, progress.position, kBatch);
    apply_schedule(schedule, optimizer, progress.step);
    optimizer.zero_grad();
    const Variable output = net.forward(Variable(index_select(inputs, 0, rows)));
    backward(mean(output * output - output));
    clip_grad_norm(net.parameters(), 0.5);
    optimizer.step();
    ++progress.step;
    progress.position = (progress.position + kBatch) % kExamples;
    progress.epoch += progress.position == 0 ? 1 : 0;
  }
  void save(const std::string& path) {
    save_checkpoint(path, capture(net, &optimizer, {{"shuffling", &shuffling}}, progress));
  }
  void load(const std::string& path) {
    const Checkpoint checkpoint = load_checkpoint(path);
    restore(checkpoint, net, &optimizer, {{"shuffling", &shuffling}});
    progress = checkpoint.progress;
  }
};

std::string message_of(const std::string& path) {
  try {
    load_checkpoint(path);
  } catch (const FileError& error) {
    return error.what();
  }
  return "";
}

Checkpoint small_checkpoint() {
  Checkpoint checkpoint;
  checkpoint.model = {{"weight", ones({2})}};
  checkpoint.generators = {{"default", {}}};
  return checkpoint;
}

}  // namespace

TEST_CASE("stopping after any number of steps and going on in new objects changes no byte of what comes out") {
  constexpr int64_t kSteps = 8;
  const Folder folder;
  seed_default_generator(3);
  {
    Run straight;
    straight.save(folder / "start.npz");
    for (int64_t step = 0; step < kSteps; ++step) {
      straight.step();
    }
    straight.save(folder / "straight.npz");
  }
  const std::string expected = read_file(folder / "straight.npz");
  for (const int64_t stop : {0, 1, 3, 5, 7}) {
    seed_default_generator(1000 + static_cast<uint64_t>(stop));
    {
      Run before;
      before.load(folder / "start.npz");
      for (int64_t step = 0; step < stop; ++step) {
        before.step();
      }
      before.save(folder / "stopped.npz");
    }
    seed_default_generator(77);
    Run after;
    after.load(folder / "stopped.npz");
    for (int64_t step = stop; step < kSteps; ++step) {
      after.step();
    }
    after.save(folder / "resumed.npz");
    REQUIRE(read_file(folder / "resumed.npz") == expected);
  }
}

TEST_CASE("a checkpoint gives back all that was saved") {
  const Folder folder;
  Checkpoint saved = small_checkpoint();
  saved.model.emplace_back("encoder.bias", scalar(3, DType::float64));
  saved.optimizer = {{"state.weight.step", scalar(7, DType::int64)}};
  saved.generators = {{"default", {1, 2, 3}}, {"data", {std::numeric_limits<uint64_t>::max(), 5, 1ULL << 63}}};
  saved.progress = {4, 5, 6, {{"order", tensor<int64_t>({2, 0, 1})}}, "{\"hidden\": 3}", "ümläute\n"};
  save_checkpoint(folder / "all.npz", saved);
  const Checkpoint loaded = load_checkpoint(folder / "all.npz");
  REQUIRE(loaded.model.size() == 2);
  REQUIRE(loaded.model[1].first == "encoder.bias");
  REQUIRE(loaded.model[1].second.item() == 3);
  REQUIRE(loaded.optimizer[0].first == "state.weight.step");
  REQUIRE(loaded.optimizer[0].second.item<int64_t>() == 7);
  REQUIRE(loaded.generators == saved.generators);
  REQUIRE(loaded.progress.step == 4);
  REQUIRE(loaded.progress.epoch == 5);
  REQUIRE(loaded.progress.position == 6);
  REQUIRE(loaded.progress.data[0].second.to_vector<int64_t>() == std::vector<int64_t>{2, 0, 1});
  REQUIRE(loaded.progress.configuration == saved.progress.configuration);
  REQUIRE(loaded.progress.metrics == saved.progress.metrics);
}

TEST_CASE("a model alone is captured and restored without an optimiser") {
  const Linear layer(2, 3);
  const Checkpoint saved = capture(layer);
  CHECK(saved.optimizer.empty());
  Linear other(2, 3);
  restore(saved, other);
  CHECK(equal(other.weight().value(), layer.weight().value()));
}

TEST_CASE("a file that is no checkpoint, or of a later format, is refused by name") {
  const Folder folder;
  REQUIRE(message_of(folder / "missing.npz").find("missing.npz") != std::string::npos);
  write_file(folder / "text.npz", "not an archive");
  REQUIRE(message_of(folder / "text.npz").find("text.npz") != std::string::npos);

  save_checkpoint(folder / "whole.npz", small_checkpoint());
  const std::string whole = read_file(folder / "whole.npz");
  write_file(folder / "cut.npz", std::string_view(whole).substr(0, whole.size() / 2));
  REQUIRE(message_of(folder / "cut.npz").find("cut.npz") != std::string::npos);

  NpzWriter other;
  other.add("weights", ones({2}));
  other.save(folder / "other.npz");
  REQUIRE(message_of(folder / "other.npz").find("format is missing: this is not a checkpoint") != std::string::npos);

  NpzWriter later;
  later.add("format", scalar(3, DType::int64));
  later.save(folder / "later.npz");
  REQUIRE(message_of(folder / "later.npz").find("a later version wrote it") != std::string::npos);
}

TEST_CASE("members that do not belong to a checkpoint, or are of the wrong kind, are refused") {
  const Folder folder;
  const auto write = [&](const std::string& name, const Tensor& value, const std::string& replaced) {
    NpzWriter writer;
    for (const std::string member : {"format", "step", "epoch", "position"}) {
      if (member != replaced) {
        writer.add(member, scalar(1, DType::int64));
      }
    }
    writer.add_text("configuration", "");
    writer.add_text("metrics", "");
    writer.add(name, value);
    writer.save(folder / "odd.npz");
    return message_of(folder / "odd.npz");
  };
  REQUIRE(write("surprise", ones({1}), "").find("surprise is no part of a checkpoint") != std::string::npos);
  REQUIRE(write("model.", ones({1}), "").find("model. is no part of a checkpoint") != std::string::npos);
  REQUIRE(write("generator.default", ones({3}), "").find("generator.default must be three") != std::string::npos);
  REQUIRE(write("step", ones({1}), "step").find("step must be a whole number") != std::string::npos);
  REQUIRE(write("epoch", scalar(-1, DType::int64), "epoch").find("epoch must be at least 0") != std::string::npos);
}

TEST_CASE("restore refuses a state that does not fit, and a generator that was not saved") {
  Run run;
  Checkpoint checkpoint = capture(run.net, &run.optimizer, {}, {});
  Generator generator;
  REQUIRE_THROWS_AS(restore(checkpoint, run.net, &run.optimizer, {{"data", &generator}}), ValueError);
  const Checkpoint alone = capture(run.net, nullptr, {}, {});
  REQUIRE_THROWS_WITH(
      restore(alone, run.net, &run.optimizer),
      "restore: the checkpoint was saved without an optimizer; pass nullptr to restore the model alone");
  restore(alone, run.net, nullptr);
  checkpoint.model.pop_back();
  REQUIRE_THROWS_AS(restore(checkpoint, run.net, &run.optimizer), ValueError);
  REQUIRE_THROWS_AS(capture(run.net, nullptr, {{"default", &generator}}), ValueError);
  REQUIRE_THROWS_AS(capture(run.net, nullptr, {{"", &generator}}), ValueError);
}

TEST_CASE("restore changes nothing when anything is refused") {
  Generator data(4);
  Run run, other;
  run.step();
  const Checkpoint saved = capture(run.net, &run.optimizer, {{"data", &data}});
  const Folder folder;
  const auto refused = [&](const Checkpoint& checkpoint, Optimizer& optimizer, const std::string& generator) {
    const auto save = [&](const std::string& name) {
      save_checkpoint(folder / name, capture(other.net, &optimizer, {{"shuffling", &other.shuffling}}));
      return read_file(folder / name);
    };
    const std::string before = save("before.npz");
    REQUIRE_THROWS_AS(restore(checkpoint, other.net, &optimizer, {{generator, &other.shuffling}}), ValueError);
    REQUIRE((save("after.npz") == before));  // not printed: bytes
  };
  AdamW rates(other.net, {.lr = 0.05, .betas = {0.9, 0.99}, .amsgrad = true});
  SGD momentum(other.net, {.momentum = 0.9});
  refused(saved, rates, "data");
  refused(saved, momentum, "data");
  refused(saved, other.optimizer, "none");
  Checkpoint torn = saved;
  torn.optimizer.pop_back();
  refused(torn, other.optimizer, "data");
  torn = saved;
  torn.model.pop_back();
  refused(torn, other.optimizer, "data");
  torn = saved;
  torn.model[0].second = Tensor();
  refused(torn, other.optimizer, "data");
  REQUIRE_NOTHROW(restore(saved, other.net, &other.optimizer, {{"data", &other.shuffling}}));
}

TEST_CASE("a checkpoint of format 1, which has no options of the optimiser, still loads") {
  const Folder folder;
  Run run, other;
  run.step();
  run.save(folder / "new.npz");
  const NpzReader reader(folder / "new.npz");
  NpzWriter writer;
  for (const std::string& name : reader.names()) {
    if (name == "configuration" || name == "metrics") {
      writer.add_text(name, reader.text(name));
    } else if (name == "format") {
      writer.add(name, scalar(1, DType::int64));
    } else if (!name.starts_with("optimizer.group.") || name.find("lr") != std::string::npos) {
      writer.add(name, reader.tensor(name));
    }
  }
  writer.save(folder / "old.npz");
  REQUIRE(reader.names().size() == NpzReader(folder / "old.npz").names().size() + 6);
  other.load(folder / "old.npz");
  other.save(folder / "again.npz");
  REQUIRE(read_file(folder / "again.npz") == read_file(folder / "new.npz"));
}

TEST_CASE("a checkpoint that cannot be written leaves what was there") {
  const Folder folder;
  REQUIRE_THROWS_AS(save_checkpoint(folder / "no/such/folder.npz", small_checkpoint()), FileError);
  REQUIRE_THROWS_AS(save_checkpoint("/dev/full", small_checkpoint()), FileError);
}
