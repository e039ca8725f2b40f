// The worker's side of the conversation.
#include "worker/serve.h"

#include <cstdio>
#include <exception>
#include <iostream>
#include <optional>
#include <sstream>
#include <stdexcept>
#include <utility>

#include "worker/blas.h"
#include "worker/clock.h"
#include "worker/process_memory.h"
#include "worker/quantile.h"

namespace heed::bench {
namespace {

class Server {
 public:
  Server(const std::vector<MakeJob>& makers, std::string about, std::string refusal)
      : makers_(makers), about_(std::move(about)), refusal_(std::move(refusal)) {}

  std::string answer(const Words& request) {
    if (request.empty()) throw std::invalid_argument("an empty request");
    if (request[0] == "about") return " " + about();
    if (request[0] == "make") {
      make(Words(request.begin() + 1, request.end()));
      return "";
    }
    if (job_ == nullptr) throw std::invalid_argument("no job has been made");
    if (request[0] == "run" && request.size() == 3) return joined(run(number_of(request[1]), number_of(request[2])));
    if (request[0] == "result") return joined({first_result_.value_or(0), job_->result()});
    if (request[0] == "memory") return joined(memory());
    throw std::invalid_argument("no such request: " + request[0]);
  }

  /// Throws where nothing may be measured.
  const std::string& about() const {
    if (!refusal_.empty()) throw std::runtime_error(refusal_);
    return about_;
  }

  void make(const Words& description) {
    about();
    job_.reset();
    first_result_.reset();
    if (description.empty()) throw std::invalid_argument("which job?");
    for (size_t i = 0; i < makers_.size() && job_ == nullptr; ++i) job_ = makers_[i](description);
    if (job_ == nullptr) throw std::invalid_argument("no such job");
  }

  /// Milliseconds a run.
  std::vector<double> run(int64_t measurements, int64_t runs) {
    std::vector<double> times;
    for (int64_t i = 0; i < measurements; ++i) {
      job_->prepare();
      const double before = now();
      for (int64_t r = 0; r < runs; ++r) job_->run();
      times.push_back((now() - before) / static_cast<double>(runs));
      if (!first_result_) first_result_ = job_->result();
    }
    return times;
  }

  std::string results() const { return joined({first_result_.value_or(0), job_->result()}); }

 private:
  /// MB and milliseconds.
  std::vector<double> memory() {
    job_->prepare();
    reset_peak_memory();
    const int64_t before = resident_bytes();
    const double start = now();
    job_->run();
    const double elapsed = now() - start;
    return {static_cast<double>(peak_resident_bytes() - before - job_->kept_bytes()) * 1e-6, elapsed};
  }

  static std::string joined(const std::vector<double>& numbers) {
    std::ostringstream text;
    text.precision(9);
    for (const double number : numbers) text << ' ' << number;
    return text.str();
  }

  const std::vector<MakeJob>& makers_;
  std::string about_, refusal_;
  std::unique_ptr<Job> job_;
  std::optional<double> first_result_;
};

Words words_of(const std::string& line) {
  std::istringstream text(line);
  Words words;
  for (std::string word; text >> word;) words.push_back(word);
  return words;
}

int answer_requests(Server& server) {
  for (std::string line; std::getline(std::cin, line);) {
    try {
      std::cout << "ok" + server.answer(words_of(line)) << std::endl;
    } catch (const std::exception& error) {
      std::string reason = error.what();
      std::cout << "error " << reason.substr(0, reason.find('\n')) << std::endl;
    }
  }
  return 0;
}

int run_once(Server& server, const Words& arguments) {
  try {
    server.make(Words(arguments.begin() + 1, arguments.end()));
    server.run(5, 1);
    const std::vector<double> times = server.run(number_of(arguments[0]), 1);
    if (!server.about().empty()) std::printf("%s\n", server.about().c_str());
    std::printf("median %.4f ms, 10th percentile %.4f ms, results%s\n", quantile(times, 0.5), quantile(times, 0.1),
                server.results().c_str());
    return 0;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
}

}  // namespace

int64_t number_of(const std::string& word) {
  size_t used = 0;
  const int64_t number = std::stoll(word, &used);
  if (used != word.size()) throw std::invalid_argument("not a whole number: " + word);
  return number;
}

int serve(int argc, char** argv, const std::vector<MakeJob>& makers, const std::string& about) {
  const std::string refusal = require_good_core(argv), kernels = loaded_kernels();
  Server server(makers, kernels + (kernels.empty() || about.empty() ? "" : "; ") + about, refusal);
  return argc < 2 ? answer_requests(server) : run_once(server, Words(argv + 1, argv + argc));
}

}  // namespace heed::bench
