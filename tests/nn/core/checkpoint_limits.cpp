// What a checkpoint that is not trusted can ask for.
#include <limits>

#include <heed/nn/core/checkpoint.h>
#include <heed/nn/core/linear.h>
#include <heed/nn/optim/sgd.h>
#include <heed/tensor/allocation_limit.h>
#include <heed/tensor/create.h>
#include <heed/tensor/error.h>
#include <heed/tensor/npz.h>
#include <heed/tensor/storage.h>

#include "support/catch.h"
#include "support/message.h"
#include "support/temporary_folder.h"

using namespace heed;

namespace {

/// A checkpoint of a small layer, saved as `path` after `change`.
template <class Change>
void save_changed(const std::string& path, const Change& change) {
  Linear layer(2, 3);
  const Checkpoint saved = capture(layer, nullptr);
  Checkpoint copy = saved;
  change(copy);
  save_checkpoint(path, copy);
}

}  // namespace

TEST_CASE("load_checkpoint shows names and shapes before it reads a tensor, and accept refuses") {
  const TemporaryFolder folder;
  const std::string path = folder.path("a.npz");
  save_changed(path, [](Checkpoint& saved) { saved.progress.data.emplace_back("order", arange(5)); });
  const Checkpoint loaded = load_checkpoint(path, [](const CheckpointOutline& outline) {
    REQUIRE(outline.model.size() == 2);
    CHECK(outline.model[0].first == "weight");
    CHECK(outline.model[0].second.shape == Shape{3, 2});
    CHECK(outline.model[0].second.dtype == DType::float32);
    CHECK(outline.optimizer.empty());
    CHECK(outline.data.at(0).first == "order");
    CHECK(outline.data.at(0).second.dtype == DType::int64);
    CHECK(outline.progress.step == 0);
  });
  CHECK(loaded.model.size() == 2);
  CHECK(message_of<ValueError>([&] {
          load_checkpoint(path, [](const CheckpointOutline&) { fail("model", "not this one"); });
        }) == "model: not this one");
}

TEST_CASE("a file whose members unpack to more than 100 times its size is no checkpoint") {
  const TemporaryFolder folder;
  const std::string path = folder.path("a.npz");
  NpzWriter writer;
  for (const char* name : {"format", "step", "epoch", "position"}) {
    writer.add(name, full({}, name == std::string("format") ? 2 : 0, DType::int64));
  }
  writer.add_text("configuration", "");
  writer.add_text("metrics", "");
  writer.add("model.weight", zeros({8'000'000}));
  writer.save(path);
  const int64_t before = allocator_stats().peak_bytes_in_use;
  CHECK(message_of<FileError>([&] { load_checkpoint(path); }) ==
        "load_checkpoint: " + path +
            ": model.weight cannot be read: the file's members take more than 100 times its size");
  CHECK(allocator_stats().peak_bytes_in_use - before < 1'000'000);
}

TEST_CASE("a NaN among weights is found at reading, with file and member") {
  const TemporaryFolder folder;
  const std::string path = folder.path("a.npz");
  save_changed(path, [](Checkpoint&) {});
  const NpzReader reader(path);
  NpzWriter writer;
  for (const std::string& name : reader.names()) {
    const bool is_text = name == "configuration" || name == "metrics";
    if (is_text) {
      writer.add_text(name, "");
    } else {
      writer.add(name,
                 name == "model.bias" ? full({3}, std::numeric_limits<double>::quiet_NaN()) : reader.tensor(name));
    }
  }
  writer.save(path);
  CHECK(message_of<FileError>([&] { load_checkpoint(path); }) ==
        "load_checkpoint: " + path + ": model.bias must hold numbers, got NaN");
}

TEST_CASE("what could not be loaded is not saved, and what was there stays") {
  const TemporaryFolder folder;
  const std::string path = folder.path("a.npz");
  save_changed(path, [](Checkpoint& saved) { saved.progress.metrics = "first"; });
  CHECK(message_of<ValueError>([&] {
          save_changed(path, [](Checkpoint& saved) {
            saved.model[1].second = full({3}, std::numeric_limits<double>::quiet_NaN());
          });
        }) == "save_checkpoint: model.bias must hold numbers, got NaN");
  const std::string long_text(size_t{8'388'609}, 'x');
  CHECK(message_of<ValueError>([&] {
          save_changed(path, [&](Checkpoint& saved) { saved.progress.metrics = long_text; });
        }) == "save_checkpoint: metrics must have at most 8388608 bytes of text, got 8388609");
  CHECK(load_checkpoint(path).progress.metrics == "first");
}

TEST_CASE("an AllocationLimit refuses the tensor that would pass it, and ends with its scope") {
  {
    const AllocationLimit limit(1000);
    const Tensor small = zeros({100});
    CHECK(message_of<AllocationError>([] { zeros({200}); }) ==
          "zeros: float32 of the shape (200,), 800 bytes, are more than the limit of 600 that are left here");
    {
      const AllocationLimit inner(5000);
      CHECK_THROWS_AS(zeros({200}), AllocationError);
      zeros({50});
    }
    CHECK_THROWS_AS(zeros({150}), AllocationError);
    CHECK_NOTHROW(zeros({100}));
  }
  CHECK_NOTHROW(zeros({1'000'000}));
  CHECK_THROWS_AS(AllocationLimit(-1), ValueError);
}
