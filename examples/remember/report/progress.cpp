// Progress: see progress.h.
#include "report/progress.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <string_view>
#include <vector>

#include "report/number.h"
#include "report/text_width.h"

namespace remember {

namespace {

constexpr std::chrono::milliseconds kRewriteEvery(100);
constexpr std::chrono::seconds kPlainEvery(10);
constexpr std::string_view kDim = "\x1b[2m";
constexpr std::string_view kGreen = "\x1b[32m";
constexpr std::string_view kPlain = "\x1b[0m";

std::string painted(const std::string& text, std::string_view style, bool colour) {
  return colour ? std::string(style) + text + std::string(kPlain) : text;
}

int64_t terminal_width() {
  winsize size = {};
  return ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 80;
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
  parts.push_back({padded(fixed(100 * done, 0) + " %", 5, true), ""});
  parts.push_back({"step " + std::to_string(state.step) + '/' + std::to_string(state.steps), ""});
  parts.push_back({"loss " + fixed(state.loss, 4), ""});
  if (state.exact) {
    parts.push_back({"exact " + percent(*state.exact), kGreen});
  }
  parts.push_back({grouped(static_cast<int64_t>(state.tokens_per_second)) + " tokens/s", kDim});
  parts.push_back({clock(state.seconds_left) + " left", ""});
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

Progress::Progress(bool quiet)
    : style_(quiet                        ? Style::quiet
             : isatty(STDERR_FILENO) == 1 ? Style::terminal
                                          : Style::plain),
      colour_(style_ == Style::terminal && wants_colour()) {}

Progress::~Progress() { clear(); }

void Progress::show(const ProgressState& state, bool notable) {
  const auto now = std::chrono::steady_clock::now();
  if (style_ == Style::terminal && (notable || now - shown_ >= kRewriteEvery)) {
    std::fprintf(stderr, "\r%s\x1b[K", progress_line(state, terminal_width() - 1, colour_).c_str());
    std::fflush(stderr);
    line_open_ = true;
    shown_ = now;
  }
  if (style_ == Style::plain && (notable || now - shown_ >= kPlainEvery)) {
    std::fprintf(stderr, "%s\n", progress_line(state, 1000, false).c_str());
    shown_ = now;
  }
}

void Progress::note(const std::string& line) {
  clear();
  if (style_ != Style::quiet) {
    std::fprintf(stderr, "%s\n", line.c_str());
  }
}

void Progress::clear() {
  if (line_open_) {
    std::fputs("\r\x1b[K", stderr);
    std::fflush(stderr);
    line_open_ = false;
  }
}

}  // namespace remember
