// Stopping after any number of steps and going on, in new objects of this process, changes no byte of what comes out.
// The same through new processes: tests/contracts/resume.sh.
#include <fstream>
#include <sstream>

#include "contracts/training_run.h"
#include "support/catch.h"
#include "support/temporary_folder.h"

namespace heed::test {
namespace {

std::string bytes_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

TEST_CASE("a run stopped after any of 30 steps and resumed in new objects ends in the same bytes") {
  constexpr int64_t kStops = 30;
  const TemporaryFolder folder;
  const auto path = [&](int64_t step) { return folder.path(std::to_string(step) + ".npz"); };
  seed_default_generator(3);
  TrainingRun straight;
  for (int64_t step = 1; step <= kStops + 1; ++step) {
    straight.run_to(step);
    straight.save(path(step));
  }
  const std::string expected = bytes_of(path(kStops + 1));
  REQUIRE(!expected.empty());
  for (int64_t stop = 1; stop <= kStops; ++stop) {
    CAPTURE(stop);
    seed_default_generator(1000 + static_cast<uint64_t>(stop));
    TrainingRun resumed;
    resumed.load(path(stop));
    resumed.run_to(kStops + 1);
    resumed.save(folder.path("resumed.npz"));
    REQUIRE(bytes_of(folder.path("resumed.npz")) == expected);
  }
}

}  // namespace
}  // namespace heed::test
