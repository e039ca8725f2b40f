// Names of members: what an archive can hold, and how many.
#include <heed/tensor/create.h>
#include <heed/tensor/error.h>
#include <heed/tensor/npz.h>

#include "support/catch.h"
#include "support/message.h"
#include "support/temporary_folder.h"

using namespace heed;

TEST_CASE("NpzWriter refuses names that the format cannot hold, and says why") {
  NpzWriter writer;
  const Tensor x = ones({2});
  const auto refusal = [&](const std::string& name) { return message_of<ValueError>([&] { writer.add(name, x); }); };
  CHECK(refusal("") == "NpzWriter: a member's name must not be empty");
  CHECK(refusal(std::string("a\0b", 3)) == "NpzWriter: a member's name must hold no NUL byte, got one behind 'a'");
  CHECK(refusal("caf\xE9") == "NpzWriter: a member's name must be UTF-8, got 'caf\\xE9'");
  CHECK(refusal("\xED\xA0\x80") == "NpzWriter: a member's name must be UTF-8, got '\\xED\\xA0\\x80'");
  CHECK(refusal(std::string(70'000, 'a')) ==
        "NpzWriter: a member's name must have at most 65531 bytes, got 70000: '" + std::string(60, 'a') + "…'");
  CHECK(refusal(std::string(59, 'a') + "ü" + std::string(70'000, 'a')).ends_with(": '" + std::string(59, 'a') + "…'"));
  CHECK(refusal(std::string(65'532, 'a')).find("got 65532") != std::string::npos);
  CHECK_THROWS_AS(writer.add_text(std::string(70'000, 'a'), "text"), ValueError);
}

TEST_CASE("names of every allowed form come back as they were") {
  const TemporaryFolder folder;
  const std::vector<std::string> names = {
      std::string(65'531, 'a'),          "ü/b", "..up", "a\\b", "x.npy", "x", " ", ".", "end/",
      std::string(65'530 / 2, 'x') + "ü"};
  NpzWriter writer;
  for (size_t i = 0; i < names.size(); ++i) {
    writer.add(names[i], scalar(static_cast<double>(i), DType::int64));
  }
  for (const bool compress : {true, false}) {
    writer.save(folder.path("a.npz"), compress);
    const NpzReader archive(folder.path("a.npz"));
    CHECK((archive.names() == names));
    for (size_t i = 0; i < names.size(); ++i) {
      CHECK(archive.tensor(names[i]).item<int64_t>() == static_cast<int64_t>(i));
    }
  }
}

TEST_CASE("NpzWriter refuses names that NpzReader refuses") {
  NpzWriter writer;
  const Tensor x = ones({2});
  const auto refusal = [&](const std::string& name) { return message_of<ValueError>([&] { writer.add(name, x); }); };
  const std::string path = "NpzWriter: a member's name must be no path that leads out of a folder, got '";
  for (const std::string name : {"../up", "/root", "\\root", "a/../b", "..", "a\\..\\b"}) {
    CHECK(refusal(name) == path + name + "'");
  }
  CHECK(refusal("a\x1B[31mb") == "NpzWriter: a member's name must hold no control characters, got 'a\\x1B[31mb'");
  CHECK(refusal("new\nline").find("'new\\x0Aline'") != std::string::npos);
  CHECK(refusal("\xC2\x9B").find("'\\xC2\\x9B'") != std::string::npos);
}

TEST_CASE("an archive has as many members as 16 bits count, and no more") {
  const TemporaryFolder folder;
  NpzWriter writer;
  constexpr int64_t kCount = 65'535;
  for (int64_t i = 0; i < kCount; ++i) {
    writer.add(std::to_string(i), scalar(i, DType::int64));
  }
  writer.save(folder.path("a.npz"), false);
  const NpzReader archive(folder.path("a.npz"));
  CHECK(archive.names().size() == kCount);
  CHECK(archive.tensor("0").item<int64_t>() == 0);
  CHECK(archive.tensor(std::to_string(kCount - 1)).item<int64_t>() == kCount - 1);
  writer.add("one more", ones({1}));
  CHECK(message_of<ValueError>([&] {
          writer.save(folder.path("b.npz"), false);
        }).ends_with("an archive must have at most 65535 members, got 65536"));
}
