// Files written whole or not at all.
#include <heed/tensor/file.h>

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <thread>

#include <heed/tensor/error.h>

#include "support/catch.h"
#include "support/message.h"
#include "support/temporary_folder.h"

using heed::FileError;
using heed::read_file;
using heed::replace_file;
using heed::write_file;

TEST_CASE("write_file makes and replaces a file and leaves nothing beside it") {
  const TemporaryFolder folder;
  const std::string path = folder.path("a.bin");
  const std::string bytes("one\0two\xFF", 8);
  write_file(path, bytes);
  CHECK(read_file(path) == bytes);
  write_file(path, "");
  CHECK(read_file(path).empty());
  const std::string large(3'000'001, 'x');
  write_file(path, large);
  CHECK(read_file(path) == large);
  CHECK(folder.names() == std::vector<std::string>{"a.bin"});
}

TEST_CASE("write_file takes a name without a folder") {
  const TemporaryFolder folder;
  const auto before = std::filesystem::current_path();
  std::filesystem::current_path(folder.path());
  write_file("plain.txt", "here");
  CHECK(read_file("plain.txt") == "here");
  std::filesystem::current_path(before);
}

TEST_CASE("a writer that fails leaves the old file and no temporary one") {
  const TemporaryFolder folder;
  const std::string path = folder.path("kept.txt");
  write_file(path, "old");
  const auto broken = [](const std::string& temporary) {
    std::ofstream(temporary) << "half";
    throw std::logic_error("changed my mind");
  };
  CHECK_THROWS_AS(replace_file(path, broken), std::logic_error);
  CHECK_THROWS_AS(replace_file(folder.path("new.txt"), broken), std::logic_error);
  CHECK(read_file(path) == "old");
  CHECK(folder.names() == std::vector<std::string>{"kept.txt"});
}

TEST_CASE("a writer's file error names the wanted path, not the temporary one") {
  const TemporaryFolder folder;
  const std::string path = folder.path("a.txt");
  CHECK(message_of<FileError>([&] {
          replace_file(path, [](const std::string& temporary) { throw FileError(temporary + ": no ink"); });
        }) == path + ": no ink");
  CHECK(message_of<FileError>([&] { replace_file(path, [](const std::string&) { throw FileError("no ink"); }); }) ==
        "cannot write " + path + ": no ink");
  CHECK(message_of<FileError>([&] {
          replace_file(path, [](const std::string& temporary) { std::filesystem::remove(temporary); });
        }) == "cannot write " + path + ": No such file or directory");
}

TEST_CASE("the old file stands untouched until the new one is complete") {
  const TemporaryFolder folder;
  const std::string path = folder.path("a.txt");
  write_file(path, "old");
  replace_file(path, [&](const std::string& temporary) {
    CHECK(std::filesystem::path(temporary).parent_path() == folder.path());
    std::ofstream(temporary) << "new";
    CHECK(read_file(path) == "old");
  });
  CHECK(read_file(path) == "new");
}

TEST_CASE("files that cannot be written are refused with the system's reason") {
  const TemporaryFolder folder;
  CHECK(message_of<FileError>([&] { write_file(folder.path("no/such/a"), "x"); }) ==
        "cannot write " + folder.path("no/such/a") + ": No such file or directory");
  CHECK(message_of<FileError>([&] { write_file(folder.path(), "x"); }) ==
        "cannot write " + folder.path() + ": Is a directory");
  CHECK_THROWS_AS(write_file("", "x"), FileError);
  CHECK_THROWS_AS(write_file(folder.path(std::string(300, 'n')), "x"), FileError);
  CHECK(folder.names().empty());
}

TEST_CASE("a full disk is an error") {
  if (!std::filesystem::exists("/dev/full")) {
    return;
  }
  CHECK(message_of<FileError>([] { write_file("/dev/full", "x"); }) ==
        "cannot write /dev/full: No space left on device");
  CHECK(std::filesystem::is_character_file("/dev/full"));
}

TEST_CASE("a pipe is written directly") {
  const TemporaryFolder folder;
  const std::string path = folder.path("pipe");
  REQUIRE(mkfifo(path.c_str(), 0600) == 0);
  std::string got;
  std::thread reader([&] { got = read_file(path); });
  write_file(path, "through");
  reader.join();
  CHECK(got == "through");
  CHECK(std::filesystem::is_fifo(path));
}

TEST_CASE("a symbolic link stays and its target is replaced") {
  const TemporaryFolder folder;
  std::filesystem::create_directory(folder.path("deep"));
  std::filesystem::create_symlink("deep/target", folder.path("link"));
  write_file(folder.path("link"), "first");
  write_file(folder.path("link"), "second");
  CHECK(std::filesystem::is_symlink(folder.path("link")));
  CHECK(read_file(folder.path("deep/target")) == "second");
}

TEST_CASE("the permissions of a replaced file are kept") {
  const TemporaryFolder folder;
  const std::string path = folder.path("private");
  write_file(path, "a");
  const auto mode = std::filesystem::perms::owner_read | std::filesystem::perms::owner_write;
  std::filesystem::permissions(path, mode);
  write_file(path, "b");
  CHECK(std::filesystem::status(path).permissions() == mode);
}

TEST_CASE("processes and threads that write one file at once leave one whole version") {
  const TemporaryFolder folder;
  const std::string path = folder.path("a");
  std::vector<std::thread> threads;
  for (char letter = 'a'; letter < 'e'; ++letter) {
    threads.emplace_back([&path, letter] {
      for (int i = 0; i < 10; ++i) {
        write_file(path, std::string(10'000, letter));
      }
    });
  }
  for (std::thread& thread : threads) {
    thread.join();
  }
  const std::string bytes = read_file(path);
  CHECK(bytes == std::string(10'000, bytes.at(0)));
  CHECK(folder.names().size() == 1);
}

TEST_CASE("files that cannot be read are refused with the system's reason") {
  const TemporaryFolder folder;
  CHECK(message_of<FileError>([&] { read_file(folder.path("none")); }) ==
        "cannot read " + folder.path("none") + ": No such file or directory");
  CHECK(message_of<FileError>([&] { read_file(folder.path()); }) ==
        "cannot read " + folder.path() + ": Is a directory");
}

TEST_CASE("files without a size of their own are read to their end") {
  if (std::filesystem::exists("/proc/self/status")) {
    CHECK(read_file("/proc/self/status").find("Pid:") != std::string::npos);
  }
}

TEST_CASE("a file that a file server holds is read when it lets go") {
  const TemporaryFolder folder;
  const std::string path = folder.path("held");
  write_file(path, "bytes");
  const int holder = open(path.c_str(), O_RDWR | O_CLOEXEC);
  const auto asked = std::signal(SIGIO, SIG_IGN);
  if (fcntl(holder, F_SETLEASE, F_WRLCK) == 0) {
    std::thread server([holder] {
      while (fcntl(holder, F_GETLEASE) == F_WRLCK) {
        std::this_thread::sleep_for(std::chrono::milliseconds(5));  // until somebody wants it
      }
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
      fcntl(holder, F_SETLEASE, F_UNLCK);
    });
    CHECK(read_file(path) == "bytes");
    server.join();
  } else {
    WARN("this file system has no leases");
  }
  std::signal(SIGIO, asked);
  close(holder);
}

TEST_CASE("lines are added to a file, which is made where there is none") {
  const TemporaryFolder folder;
  const std::string path = folder.path("lines");
  heed::append_to_file(path, "one\n");
  heed::append_to_file(path, "two\n");
  heed::append_to_file(path, "");
  CHECK(read_file(path) == "one\ntwo\n");
  CHECK_NOTHROW(heed::sync_file(path));
  CHECK_NOTHROW(heed::sync_file(folder.path()));
  CHECK(message_of<FileError>([&] { heed::append_to_file(folder.path(), "x"); }) ==
        "cannot write " + folder.path() + ": Is a directory");
  CHECK(message_of<FileError>([&] { heed::sync_file(folder.path("none")); }) ==
        "cannot write " + folder.path("none") + ": No such file or directory");
  if (std::filesystem::exists("/dev/full")) {
    CHECK(message_of<FileError>([] { heed::append_to_file("/dev/full", "x"); }) ==
          "cannot write /dev/full: No space left on device");
  }
}

TEST_CASE("what cannot be added whole is not added in part") {
  const TemporaryFolder folder;
  const std::string path = folder.path("lines");
  write_file(path, "one\n");
  const pid_t child = fork();  // the limit holds for a whole process
  if (child == 0) {
    const rlimit limit = {6, 6};
    std::signal(SIGXFSZ, SIG_IGN);
    setrlimit(RLIMIT_FSIZE, &limit);
    const std::string message = message_of<FileError>([&] { heed::append_to_file(path, "two\n"); });
    _exit(message == "cannot write " + path + ": File too large" ? 0 : 1);
  }
  int status = -1;
  REQUIRE(waitpid(child, &status, 0) == child);
  CHECK(status == 0);
  CHECK(read_file(path) == "one\n");
}

TEST_CASE("temporary files of killed processes are removed, and none that is being written") {
  const TemporaryFolder folder;
  const pid_t child = fork();
  if (child == 0) {
    replace_file(folder.path("a"), [](const std::string&) { raise(SIGKILL); });
    _exit(1);
  }
  int status = 0;
  REQUIRE(waitpid(child, &status, 0) == child);
  CHECK(WIFSIGNALED(status));
  REQUIRE(folder.names().size() == 1);
  for (const char* name : {".heed-1.txt", "heed-1.tmp", ".heed"}) {
    write_file(folder.path(name), "of another");
  }
  std::filesystem::create_symlink(folder.path(".heed"), folder.path(".heed-link.tmp"));
  std::filesystem::create_directory(folder.path(".heed-folder.tmp"));
  replace_file(folder.path("b"), [&](const std::string& temporary) {
    std::ofstream(temporary) << "whole";
    CHECK(heed::remove_abandoned_files(folder.path()) == 1);
    CHECK(heed::remove_abandoned_files(folder.path()) == 0);
  });
  CHECK(read_file(folder.path("b")) == "whole");
  CHECK(folder.names().size() == 6);
  CHECK(heed::remove_abandoned_files(folder.path("none")) == 0);
}
