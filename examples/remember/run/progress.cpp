// Progress: see progress.h.
#include "run/progress.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <string_view>
#include <vector>

#include <heed/tensor/parallel.h>

#include "system/terminal.h"
#include "text/number.h"
#include "text/text_width.h"

namespace remember {

namespace {

constexpr std::chrono::milliseconds kRewriteEvery(100);
constexpr std::chrono::seconds kPlainEvery(10);
/// Wider than every line.
constexpr int64_t kUnlimited = 1000;
constexpr std::string_view kDim = "\x1b[2m";
constexpr std::string_view kGreen = "\x1b[32m";
constexpr std::string_view kPlain = "\x1b[0m";

std::string painted(const std::string& text, std::string_view style, bool colour) {
  return colour ? std::string(style) + text + std::string(kPlain) : text;
}

bool wants_colour() {
  const char* refused = std::getenv("NO_COLOR");
  const char* terminal = std::getenv("TERM");
  return (refused == nullptr || *refused == '\0') && terminal != nullptr && std::string_view(terminal) != "dumb";
}

}  // namespace

std::string progress_line(const ProgressState& state, int64_t width, bool colour) {
  struct Part {
    std::string text;
    std::string_view style;
  };
  const double done = state.steps == 0 ? 1 : static_cast<double>(state.step) / static_cast<double>(state.steps);
  std::vector<Part> parts;
  if (!state.label.empty()) {
    parts.push_back({state.label, kDim});
  }
  if (!state.doing.empty()) {
    parts.push_back({state.doing, ""});
  } else {
    if (!state.at_most) {
      parts.push_back({padded(fixed(100 * done, 0) + " %", 5, true), ""});
    }
    parts.push_back(
        {"step " + std::to_string(state.step) + (state.at_most ? "" : '/' + std::to_string(state.steps)), ""});
    parts.push_back({"loss " + fixed(state.loss, 4), ""});
  }
  if (state.exact) {
    parts.push_back({"exact " + percent(*state.exact), kGreen});
  }
  if (state.doing.empty()) {
    parts.push_back({grouped(static_cast<int64_t>(state.tokens_per_second)) + " tokens/s", kDim});
  }
  parts.push_back({(state.at_most ? "at most " : "") + clock(state.seconds_left) + " left", ""});
  std::string line;
  int64_t room = width;
  for (const Part& part : parts) {
    const std::string text = shortened((line.empty() ? "" : "  ") + part.text, room);
    if (room <= 0) {
      break;
    }
    room -= text_width(text);
    line += painted(text, part.style, colour && !part.style.empty());
  }
  return line;
}

void say_threads() { std::fprintf(stderr, "threads: %d\n", heed::num_threads()); }

Progress::Progress(bool quiet)
    : style_(quiet                     ? Style::quiet
             : errors_go_to_terminal() ? Style::terminal
                                       : Style::plain),
      colour_(style_ == Style::terminal && wants_colour()) {
  if (style_ != Style::quiet) {
    say_threads();
  }
}

Progress::~Progress() { erase(); }

void Progress::show(const ProgressState& state, bool notable) {
  if (style_ == Style::quiet) {
    return;
  }
  const std::lock_guard lock(mutex_);
  const auto now = std::chrono::steady_clock::now();
  auto run = std::find_if(runs_.begin(), runs_.end(), [&](const Run& r) { return r.state.label == state.label; });
  if (run == runs_.end()) {
    run = runs_.insert(runs_.end(), {state, now});
  }
  run->state = state;
  if (style_ == Style::terminal && (notable || now - drawn_ >= kRewriteEvery)) {
    draw();
    drawn_ = now;
  }
  if (style_ == Style::plain && (notable || now - run->shown >= kPlainEvery)) {
    std::fprintf(stderr, "%s\n", progress_line(state, kUnlimited, false).c_str());
    run->shown = now;
  }
}

void Progress::finish(const std::string& label, const std::string& last_line) {
  const std::lock_guard lock(mutex_);
  erase();
  std::erase_if(runs_, [&](const Run& run) { return run.state.label == label; });
  if (style_ != Style::quiet && !last_line.empty()) {
    std::fprintf(stderr, "%s\n", last_line.c_str());
  }
  if (style_ == Style::terminal) {
    draw();
  }
}

/// Moves the cursor to the start of the first line and clears what follows.
void Progress::erase() {
  if (lines_drawn_ > 0) {
    std::string control = "\r";
    for (size_t i = 1; i < lines_drawn_; ++i) {
      control += "\x1b[A";
    }
    std::fprintf(stderr, "%s\x1b[J", control.c_str());
    std::fflush(stderr);
    lines_drawn_ = 0;
  }
}

void Progress::draw() {
  std::string text;
  for (const Run& run : runs_) {
    text.append(text.empty() ? "" : "\n").append(progress_line(run.state, terminal_width() - 1, colour_));
  }
  erase();
  std::fputs(text.c_str(), stderr);
  std::fflush(stderr);
  lines_drawn_ = runs_.size();
}

}  // namespace remember
