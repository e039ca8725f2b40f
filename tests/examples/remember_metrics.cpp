// The file of metrics: going on with it, and faults.
#include <fstream>

#include <heed/tensor/error.h>
#include <heed/tensor/file.h>

#include "run/metrics.h"
#include "support/catch.h"
#include "support/message.h"
#include "support/temporary_folder.h"

using namespace remember;

TEST_CASE("metrics that go on keep the lines up to the step they go on from") {
  const TemporaryFolder folder;
  const std::string path = folder.path("metrics.jsonl");
  {
    Metrics metrics(path);
    for (int step = 1; step <= 3; ++step) {
      metrics.add({{"step", step}, {"seconds", 1.5 * step}});
    }
  }
  std::ofstream(path, std::ios::app) << "{\"step\": 4, \"loss";
  {
    Metrics metrics(path, 2);
    CHECK(metrics.seconds() == 3.0);
    metrics.add({{"step", 3}, {"seconds", 9}});
  }
  CHECK(heed::read_file(path) ==
        "{\"step\":1,\"seconds\":1.5}\n{\"step\":2,\"seconds\":3.0}\n{\"step\":3,\"seconds\":9}\n");
}

TEST_CASE("metrics that cannot be read, or have a broken line before the last, are an error and stay as they are") {
  const TemporaryFolder folder;
  const std::string path = folder.path("metrics.jsonl");
  const std::string good = "{\"step\":1,\"seconds\":1.5}\n";
  for (const std::string broken : {"{\"step\": 2, \"lo\n", "{\"step\": \"2\"}\n", "[2]\n", "{}\n", "\n"}) {
    CAPTURE(broken);
    heed::write_file(path, good + broken);
    const std::string message = message_of<heed::FileError>([&] { Metrics(path, 2); });
    CHECK(message.starts_with(path + ":2: must be a JSON object with the number \"step\", got '"));
    CHECK(heed::read_file(path) == good + broken);
  }
  CHECK_THROWS_AS(Metrics(folder.path("."), 2), heed::FileError);
}

TEST_CASE("metrics that cannot be written are an error") {
  CHECK_THROWS_AS(Metrics("/no/such/folder/metrics.jsonl"), heed::FileError);
  Metrics full("/dev/full");
  CHECK_THROWS_AS(full.add({{"step", 1}}), heed::FileError);
}
