// What is given to NpzReader in place of an archive, or around one: refused by saying what it is.
#include <sys/stat.h>

#include <algorithm>
#include <fstream>
#include <thread>

#include <heed/tensor/create.h>
#include <heed/tensor/error.h>
#include <heed/tensor/file.h>
#include <heed/tensor/npz.h>

#include "support/catch.h"
#include "support/message.h"
#include "support/temporary_folder.h"

using namespace heed;

namespace {

/// What NpzReader says of these bytes, without "cannot read PATH: "; "" when it opens them.
std::string archive_refusal(const std::string& bytes) {
  const TemporaryFolder folder;
  const std::string start = "cannot read " + folder.path("a.npz") + ": ";
  write_file(folder.path("a.npz"), bytes);
  const std::string message = message_of<FileError>([&] { NpzReader archive(folder.path("a.npz")); });
  CHECK((message.empty() || message.starts_with(start)));
  return message.substr(std::min(message.size(), start.size()));
}

std::string archive_of(float value) {
  const TemporaryFolder folder;
  NpzWriter writer;
  writer.add("x", full({3}, value));
  writer.save(folder.path("a.npz"), false);
  return read_file(folder.path("a.npz"));
}

}  // namespace

TEST_CASE("an archive with bytes before it is refused, however many they are") {
  const std::string archive = archive_of(1);
  CHECK(archive_refusal(archive).empty());
  CHECK(archive_refusal("#" + archive) == "a zip archive with 1 byte before it");
  CHECK(archive_refusal(std::string(37, 'x') + archive) == "a zip archive with 37 bytes before it");
  CHECK(archive_refusal(std::string(2'000'000, 'x') + archive) == "a zip archive with 2000000 bytes before it");
  // The directory of the last one, taken from the beginning of the file, is that of the first.
  CHECK(archive_refusal(archive_of(2) + archive) ==
        "a zip archive with " + std::to_string(archive.size()) + " bytes before it");
}

TEST_CASE("an archive with bytes after it is refused, however many they are") {
  const std::string archive = archive_of(1);
  CHECK(archive_refusal(archive + "some more") == "a zip archive with 9 bytes after it");
  CHECK(archive_refusal(archive + std::string(70'000, 'x')) == "a zip archive with 70000 bytes after it");
}

TEST_CASE("what is no archive is said to be what it is") {
  const std::string archive = archive_of(1);
  CHECK(archive_refusal("") == "Not a zip archive: the file is empty");
  CHECK(archive_refusal(archive.substr(0, archive.size() / 2)) ==
        "a zip archive that is cut off: the record at its end is missing");
  CHECK(archive_refusal(std::string("\x93NUMPY\x01\x00", 8)) ==
        "Not a zip archive, but one array (.npy), which load_npy reads");
  CHECK(archive_refusal("\x1F\x8B and so on") == "Not a zip archive, but gzip, to be unpacked first");
  CHECK(archive_refusal("some text") == "Not a zip archive");
}

TEST_CASE("an encrypted member and a folder are refused by name") {
  const TemporaryFolder folder;
  std::string bytes = archive_of(1);
  bytes[bytes.find("PK\x03\x04") + 6] |= 1;
  bytes[bytes.find("PK\x01\x02") + 8] |= 1;
  write_file(folder.path("a.npz"), bytes);
  CHECK(message_of<FileError>([&] { NpzReader(folder.path("a.npz")).tensor("x"); }) ==
        folder.path("a.npz") + ": member 'x': is encrypted");
  bytes = archive_of(1);
  for (size_t at = bytes.find("x.npy"); at != std::string::npos; at = bytes.find("x.npy")) {
    bytes.replace(at, 5, "some/");
  }
  write_file(folder.path("a.npz"), bytes);
  CHECK(message_of<FileError>([&] { NpzReader(folder.path("a.npz")).tensor("some/"); }) ==
        folder.path("a.npz") + ": member 'some/': is a folder, not an array");
}

TEST_CASE("a pipe that nobody writes to is refused, and not waited for") {
  const TemporaryFolder folder;
  const std::string pipe = folder.path("pipe");
  REQUIRE(mkfifo(pipe.c_str(), 0600) == 0);
  CHECK(message_of<heed::FileAccessError>([&] { NpzReader archive(pipe); }) ==
        "cannot read " + pipe + ": nobody writes to this pipe");
}

TEST_CASE("a pipe is read as a file is") {
  const TemporaryFolder folder;
  REQUIRE(mkfifo(folder.path("pipe").c_str(), 0600) == 0);
  const auto feed = [&](const std::string& bytes) {
    return std::thread([path = folder.path("pipe"), bytes] { std::ofstream(path, std::ios::binary) << bytes; });
  };
  std::thread writer = feed(archive_of(2.5));
  CHECK(NpzReader(folder.path("pipe")).tensor("x").at({1}) == 2.5);
  writer.join();
  writer = feed(std::string(1, 'x').append(archive_of(2.5)));
  CHECK(message_of<FileError>([&] { NpzReader archive(folder.path("pipe")); }) ==
        "cannot read " + folder.path("pipe") + ": a zip archive with 1 byte before it");
  writer.join();
}
