// Two pipes and a child process.
#include "driver/worker_process.h"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <sstream>
#include <stdexcept>

namespace heed::bench {
namespace {

std::filesystem::path path_of(const std::string& program) {
  return std::filesystem::read_symlink("/proc/self/exe").parent_path() / program;
}

struct Pipe {
  int reader = -1, writer = -1;
  Pipe() {
    std::array<int, 2> ends{};
    // Closed in other workers, which would otherwise keep the pipe open.
    if (pipe2(ends.data(), O_CLOEXEC) != 0) throw std::runtime_error(std::string("pipe: ") + std::strerror(errno));
    reader = ends[0], writer = ends[1];
  }
};

[[noreturn]] void become(const std::string& path, const Environment& environment, const Pipe& requests,
                         const Pipe& answers) {
  dup2(requests.reader, STDIN_FILENO);
  dup2(answers.writer, STDOUT_FILENO);
  for (const auto& [name, value] : environment) setenv(name.c_str(), value.c_str(), 1);
  execl(path.c_str(), path.c_str(), static_cast<char*>(nullptr));
  _exit(127);
}

}  // namespace

bool has_worker(const std::string& program) { return std::filesystem::exists(path_of(program)); }

WorkerProcess::WorkerProcess(const std::string& program, const Environment& environment) : program_(program) {
  std::signal(SIGPIPE, SIG_IGN);
  const std::string path = path_of(program).string();
  const Pipe requests, answers;
  process_ = fork();
  if (process_ < 0) throw std::runtime_error(std::string("fork: ") + std::strerror(errno));
  if (process_ == 0) become(path, environment, requests, answers);
  close(requests.reader);
  close(answers.writer);
  requests_ = fdopen(requests.writer, "w");
  answers_ = fdopen(answers.reader, "r");
}

WorkerProcess::~WorkerProcess() {
  std::fclose(requests_);
  std::fclose(answers_);
  waitpid(process_, nullptr, 0);
}

/// What follows "ok".
std::string WorkerProcess::answer(const std::string& request) {
  std::fprintf(requests_, "%s\n", request.c_str());
  std::fflush(requests_);
  char* line = nullptr;
  size_t capacity = 0;
  const ssize_t length = getline(&line, &capacity, answers_);
  const std::string answer = length < 0 ? std::string() : std::string(line, static_cast<size_t>(length));
  std::free(line);
  if (answer.empty()) throw std::runtime_error(program_ + " died of '" + request + "'");
  const std::string status = answer.substr(0, answer.find_first_of(" \n"));
  const std::string rest = answer.substr(std::min(answer.size() - 1, status.size() + 1));
  const std::string text = rest.substr(0, rest.find('\n'));
  if (status != "ok") throw std::runtime_error(program_ + ": '" + request + "': " + text);
  return text;
}

std::vector<double> WorkerProcess::ask(const std::string& request) {
  std::istringstream text(answer(request));
  std::vector<double> numbers;
  for (double number = 0; text >> number;) numbers.push_back(number);
  return numbers;
}

std::string WorkerProcess::about() { return answer("about"); }

}  // namespace heed::bench
