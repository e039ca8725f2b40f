// Lines of plain and gzip files.
#include <heed/tensor/text_file.h>

#include <pthread.h>
#include <sys/stat.h>
#include <zlib.h>

#include <chrono>
#include <csignal>
#include <fstream>
#include <thread>

#include <heed/tensor/error.h>
#include <heed/tensor/file.h>

#include "support/catch.h"
#include "support/message.h"
#include "support/temporary_folder.h"

using heed::FileError;
using heed::LineReader;

namespace {

using Lines = std::vector<std::string>;

Lines lines_of(const std::string& path) {
  LineReader reader(path);
  Lines lines;
  std::string line;
  while (reader.next(line)) {
    lines.push_back(line);
    CHECK(reader.line_number() == static_cast<int64_t>(lines.size()));
  }
  CHECK_FALSE(reader.next(line));
  return lines;
}

void write_gzip(const std::string& path, const std::string& text) {
  gzFile file = gzopen(path.c_str(), "wb");
  REQUIRE(gzwrite(file, text.data(), static_cast<unsigned>(text.size())) == static_cast<int>(text.size()));
  REQUIRE(gzclose(file) == Z_OK);
}

/// Numbered lines of many lengths, more than any buffer holds.
std::string long_text() {
  std::string text;
  uint32_t state = 1;
  for (int i = 0; i < 20'000; ++i) {
    state = state * 1664525 + 1013904223;
    text += std::to_string(state) + std::string(state >> 26, static_cast<char>('a' + (state >> 8) % 26)) + "\n";
  }
  return text;
}

}  // namespace

TEST_CASE("lines end with LF, CRLF or the end of the file") {
  const TemporaryFolder folder;
  const std::string path = folder.path("a.txt");
  heed::write_file(path, "one\ntwo\r\n\n\r\nsome\rwhere\nlast");
  CHECK(lines_of(path) == Lines{"one", "two", "", "", "some\rwhere", "last"});
  heed::write_file(path, "one\n");
  CHECK(lines_of(path) == Lines{"one"});
  heed::write_file(path, "\n");
  CHECK(lines_of(path) == Lines{""});
  heed::write_file(path, "");
  CHECK(lines_of(path).empty());
}

TEST_CASE("a byte-order mark is skipped in front of the first line only") {
  const TemporaryFolder folder;
  const std::string path = folder.path("a.txt");
  heed::write_file(path,
                   "\xEF\xBB\xBF"
                   "a\n\xEF\xBB\xBF"
                   "b\n");
  CHECK(lines_of(path) == Lines{"a",
                                "\xEF\xBB\xBF"
                                "b"});
}

TEST_CASE("a gzip file gives the same lines as its text") {
  const TemporaryFolder folder;
  const std::string text = long_text();
  heed::write_file(folder.path("a.txt"), text);
  write_gzip(folder.path("a.txt.gz"), text);
  const Lines lines = lines_of(folder.path("a.txt.gz"));
  CHECK(lines == lines_of(folder.path("a.txt")));
  CHECK(lines.size() == 20'000);
  std::string joined;
  for (const std::string& line : lines) {
    joined += line + "\n";
  }
  CHECK(joined == text);
}

TEST_CASE("gzip members one after another are read as one text") {
  const TemporaryFolder folder;
  write_gzip(folder.path("a.gz"), "a\nb");
  write_gzip(folder.path("b.gz"), "c\nd\n");
  heed::write_file(folder.path("ab.gz"), heed::read_file(folder.path("a.gz")) + heed::read_file(folder.path("b.gz")));
  CHECK(lines_of(folder.path("ab.gz")) == Lines{"a", "bc", "d"});
}

TEST_CASE("a gzip file cut off anywhere is an error that names the line") {
  const TemporaryFolder folder;
  const std::string text = long_text();
  write_gzip(folder.path("a.gz"), text);
  const std::string whole = heed::read_file(folder.path("a.gz"));
  for (const size_t length : {size_t{5}, size_t{12}, whole.size() / 2, whole.size() - 8, whole.size() - 1}) {
    INFO("cut to " << length << " of " << whole.size() << " bytes");
    const std::string path = folder.path("cut.gz");
    heed::write_file(path, whole.substr(0, length));
    LineReader reader(path);
    std::string line;
    const std::string message = message_of<FileError>([&] {
      while (reader.next(line)) {
      }
    });
    CHECK(message == path + ":" + std::to_string(reader.line_number() + 1) + ": the gzip stream is cut off");
  }
}

TEST_CASE("a gzip file with changed bytes gives lines or an error") {
  const TemporaryFolder folder;
  write_gzip(folder.path("a.gz"), "alpha\nbeta\ngamma\n");
  const std::string whole = heed::read_file(folder.path("a.gz"));
  int errors = 0;
  for (size_t i = 0; i < whole.size(); ++i) {
    std::string broken = whole;
    broken[i] = static_cast<char>(broken[i] ^ 0x55);
    heed::write_file(folder.path("b.gz"), broken);
    errors += message_of<FileError>([&] { lines_of(folder.path("b.gz")); }).empty() ? 0 : 1;
  }
  CHECK(errors > static_cast<int>(whole.size()) / 2);
}

TEST_CASE("NUL bytes and endless lines are errors that name the line") {
  const TemporaryFolder folder;
  const std::string path = folder.path("a.txt");
  heed::write_file(path, std::string("fine\nnot\0fine\n", 14));
  CHECK(message_of<FileError>([&] { lines_of(path); }) == path + ":2: a NUL byte: this is no text file");
  heed::write_file(path, "fine\n\n" + std::string((1 << 20) + 1, 'x') + "\n");
  CHECK(message_of<FileError>([&] { lines_of(path); }) == path + ":3: the line is longer than 1048576 bytes");
  heed::write_file(path, std::string(1 << 20, 'x') + "\nnext");
  CHECK(lines_of(path).at(1) == "next");
}

TEST_CASE("gzip that unpacks to more than 100 times its size is refused above 1 MiB") {
  const TemporaryFolder folder;
  const auto refusal = [&](size_t lines) {
    std::string text;
    for (size_t i = 0; i < lines; ++i) {
      text += "one line over and over\n";
    }
    write_gzip(folder.path("a.gz"), text);
    return message_of<FileError>([&] {
      LineReader reader(folder.path("a.gz"));
      std::string line;
      while (reader.next(line)) {
      }
    });
  };
  CHECK(refusal(40'000).empty());
  CHECK(refusal(100'000).ends_with("the gzip stream unpacks to more than 100 times its size"));
}

TEST_CASE("a text file that is missing or a folder cannot be opened") {
  const TemporaryFolder folder;
  CHECK(message_of<FileError>([&] { LineReader reader(folder.path("none")); }) ==
        "cannot read " + folder.path("none") + ": No such file or directory");
  CHECK(message_of<FileError>([&] { LineReader reader(folder.path()); }) ==
        "cannot read " + folder.path() + ": Is a directory");
}

TEST_CASE("bytes after a gzip stream are an error, except for zeros") {
  const TemporaryFolder folder;
  write_gzip(folder.path("a.gz"), "a\nb\n");
  const std::string whole = heed::read_file(folder.path("a.gz"));
  heed::write_file(folder.path("zeros.gz"), whole + std::string(600, '\0') + whole + std::string(70'000, '\0'));
  CHECK(lines_of(folder.path("zeros.gz")) == Lines{"a", "b", "a", "b"});
  heed::write_file(folder.path("rest.gz"), whole + "c\n");
  CHECK(message_of<FileError>([&] { lines_of(folder.path("rest.gz")); }) ==
        folder.path("rest.gz") + ":3: bytes after the gzip stream");
  heed::write_file(folder.path("one.gz"), whole + "\x1F");
  CHECK(message_of<FileError>([&] { lines_of(folder.path("one.gz")); }) ==
        folder.path("one.gz") + ":3: bytes after the gzip stream");
}

namespace {

/// Writes to a FIFO from a thread of its own, in pieces, and closes it.
class Feeder {
 public:
  Feeder(const std::string& path, const std::string& bytes, size_t piece)
      : thread_([path, bytes, piece] {
          std::ofstream pipe(path, std::ios::binary);
          for (size_t at = 0; at < bytes.size(); at += piece) {
            pipe << bytes.substr(at, piece) << std::flush;
          }
        }) {}
  ~Feeder() { thread_.join(); }

 private:
  std::thread thread_;
};

struct Stopped {};

}  // namespace

TEST_CASE("a pipe gives the same lines as a file, plain and gzip, in whatever pieces it comes") {
  const TemporaryFolder folder;
  const std::string text = long_text().substr(0, 30'000) + "\nlast";
  heed::write_file(folder.path("a.txt"), text);
  write_gzip(folder.path("a.txt.gz"), text);
  const std::string pipe = folder.path("pipe");
  REQUIRE(mkfifo(pipe.c_str(), 0600) == 0);
  for (const char* name : {"a.txt", "a.txt.gz"}) {
    for (const size_t piece : {size_t{1}, size_t{1000}, size_t{100'000}}) {
      const Feeder feeder(pipe, heed::read_file(folder.path(name)), piece);
      CHECK((lines_of(pipe) == lines_of(folder.path("a.txt"))));
    }
  }
  const Feeder feeder(pipe, "", 1);
  CHECK(lines_of(pipe).empty());
}

TEST_CASE("who reads a pipe is asked whether to go on, before anybody writes and while nothing comes") {
  const TemporaryFolder folder;
  const std::string pipe = folder.path("pipe");
  REQUIRE(mkfifo(pipe.c_str(), 0600) == 0);
  int asked = 0;
  std::string line;
  {
    LineReader reader(pipe, [&] { asked < 3 ? void(++asked) : throw Stopped(); });
    CHECK_THROWS_AS(reader.next(line), Stopped);
    CHECK(asked == 3);
  }
  asked = 0;
  LineReader reader(pipe, [&] { asked < 3 ? void(++asked) : throw Stopped(); });
  std::ofstream writer(pipe);
  writer << "one\ntw" << std::flush;
  CHECK(reader.next(line));
  CHECK(line == "one");
  CHECK_THROWS_AS(reader.next(line), Stopped);
}

TEST_CASE("a signal that is handled does not break the reading of a pipe") {
  const TemporaryFolder folder;
  const std::string pipe = folder.path("pipe");
  REQUIRE(mkfifo(pipe.c_str(), 0600) == 0);
  struct sigaction action {
  }, before{};
  action.sa_handler = [](int) {};
  REQUIRE(sigaction(SIGUSR1, &action, &before) == 0);
  std::thread writer([pipe, reader = pthread_self()] {
    std::ofstream out(pipe);
    out << "one\n" << std::flush;
    for (int i = 0; i < 5; ++i) {
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
      pthread_kill(reader, SIGUSR1);
    }
    out << "two\n";
  });
  CHECK(lines_of(pipe) == Lines{"one", "two"});
  writer.join();
  sigaction(SIGUSR1, &before, nullptr);
}
