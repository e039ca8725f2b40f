// The folder of a run: who holds it, what is kept in it, and that what is saved is finite.
#include <unistd.h>

#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include <heed/tensor/create.h>
#include <heed/tensor/error.h>
#include <heed/tensor/file.h>
#include <nlohmann/json.hpp>

#include "run/finite_state.h"
#include "run/kept_checkpoint.h"
#include "run/option_changes.h"
#include "run/options_json.h"
#include "run/output_folder.h"
#include "run/run_option.h"
#include "support/catch.h"
#include "support/message.h"
#include "support/temporary_folder.h"
#include "system/folder_lock.h"

using namespace remember;

TEST_CASE("a folder is held once, and free again when its holder has gone") {
  const TemporaryFolder folder;
  const std::string file = folder.path(kLockFile);
  heed::write_file(file, "of a process that was killed");
  {
    const FolderLock lock(folder.path());
    CHECK(message_of<heed::FileError>([&] { const FolderLock second(folder.path()); }) ==
          folder.path() + ": must be written by one process at a time, got process " + std::to_string(getpid()) +
              ", which is writing to it");
    CHECK(message_of<heed::FileError>([&] { const FolderLock second(folder.path() + "/."); }) != "");
    CHECK_NOTHROW(require_empty(folder.path(), false));
    CHECK(!heed::read_file(file).empty());
  }
  CHECK(folder.names().empty());
  CHECK_NOTHROW(FolderLock(folder.path()));
  CHECK(message_of<heed::FileError>([&] { const FolderLock none(folder.path("none")); }) ==
        "cannot write " + folder.path("none/") + kLockFile + ": No such file or directory");
}

TEST_CASE("a lock that does not say who holds it is one all the same") {
  const TemporaryFolder folder;
  const FolderLock lock(folder.path());
  for (const auto& [text, holder] :
       {std::pair(std::string(), "another process"), std::pair(std::string("12x \n"), "another process"),
        std::pair(std::string("12345678901 \n"), "another process"), std::pair(std::string("12"), "another process"),
        std::pair(std::string("12 else.where\n"), "process 12 on else.where"),
        std::pair(std::string("12 \x1b[31m\n"), "process 12, ")}) {
    CAPTURE(text);
    FILE* const file = std::fopen(folder.path(kLockFile).c_str(), "w");  // the same file, not a new one in its place
    REQUIRE(file != nullptr);
    std::fwrite(text.data(), 1, text.size(), file);
    std::fclose(file);
    const std::string message = message_of<heed::FileError>([&] { const FolderLock second(folder.path()); });
    CHECK(message.find(std::string("got ") + holder) != std::string::npos);
    CHECK(message.find('\x1b') == std::string::npos);
  }
}

TEST_CASE("a comparison is not overwritten while one of its runs is being trained") {
  const TemporaryFolder folder;
  const std::string run = folder.path("runs/copy-lstm-seed1");
  make_folder(run);
  heed::write_file(run + "/last.npz", "x");
  heed::write_file(folder.path("results.csv"), "x");
  {
    const FolderLock lock(run);
    CHECK_THROWS_AS(prepare_output_folder(folder.path(), true), heed::FileError);
    CHECK(heed::read_file(run + "/last.npz") == "x");
    CHECK(heed::read_file(folder.path("results.csv")) == "x");
  }
  prepare_output_folder(folder.path(), true);
  CHECK_THROWS_AS(heed::read_file(run + "/last.npz"), heed::FileError);
}

TEST_CASE("of older checkpoints the latest are kept") {
  CHECK(kept_step("step-0.npz") == 0);
  CHECK(kept_step("step-500.npz") == 500);
  for (const char* name : {"step-.npz", "step-05.npz", "step--5.npz", "step-5.npy", "step-5", "last.npz", "step-+5.npz",
                           "step-99999999999999999999.npz", "step-5 .npz"}) {
    CAPTURE(name);
    CHECK(kept_step(name) == -1);
  }
  const TemporaryFolder folder;
  keep_last_checkpoint(folder.path(), 1);
  CHECK(folder.names().empty());
  for (const int64_t step : {9, 10, 11, 12}) {
    heed::write_file(folder.path("last.npz"), std::to_string(step));
    keep_last_checkpoint(folder.path(), step);
  }
  CHECK(kept_steps(folder.path()) == std::vector<int64_t>{9, 10, 11, 12});
  remove_kept_checkpoints(folder.path(), 12, 2);
  CHECK(kept_steps(folder.path()) == std::vector<int64_t>{10, 11});
  CHECK(heed::read_file(folder.path("step-10.npz")) == "10");
  CHECK(heed::read_file(folder.path("last.npz")) == "12");
  remove_kept_checkpoints(folder.path(), 11, 5);
  CHECK(kept_steps(folder.path()) == std::vector<int64_t>{10});
}

TEST_CASE("the first value that is not finite is found with its name") {
  const auto infinite = static_cast<float>(INFINITY);
  CHECK(!find_not_finite(heed::StateDict()));
  CHECK(!find_not_finite(heed::StateDict{{"a", heed::tensor<float>({1, -2})}, {"b", heed::tensor<int64_t>({3})}}));
  const auto found = find_not_finite(heed::StateDict{{"a", heed::tensor<float>({1, 2})},
                                                     {"b", heed::tensor<float>({1, -infinite, infinite})},
                                                     {"c", heed::tensor<double>({std::nan("")})}});
  REQUIRE(found);
  CHECK(found->name == "b");
  CHECK(found->value == "-inf");
  CHECK(named_number(-std::nan("")) == "nan");
}

TEST_CASE("options that change no result are no part of it, and come from the command") {
  RunOptions usual, other;
  other.training.keep = 3;
  other.training.detect_anomaly = true;
  CHECK(nlohmann::ordered_json(usual) == nlohmann::ordered_json(other));
  CHECK(option_changes(usual, other).empty());
  usual.training.steps = 7;
  take_free_options(usual, other);
  CHECK(usual.training.keep == 3);
  CHECK(usual.training.detect_anomaly);
  CHECK(usual.training.steps == 7);
}
