// Turns are long enough that a worker's caches are warm for most of one, and short enough that there are many.
#include "driver/contest.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <limits>

#include "worker/quantile.h"

namespace heed::bench {
namespace {

constexpr double kTurnMilliseconds = 60;
constexpr double kClockMilliseconds = 1;
bool peers_left_out = false;

struct Player {
  size_t place = 0;
  std::unique_ptr<WorkerProcess> worker;
  std::vector<double> times;
  double expected = 0;  // milliseconds a run

  std::vector<double> run(int64_t measurements, int64_t runs) {
    return worker->ask("run " + std::to_string(measurements) + " " + std::to_string(runs));
  }
};

std::vector<Player> assemble(const std::vector<Contestant>& contestants, const std::string& job) {
  std::vector<Player> players;
  for (size_t i = 0; i < contestants.size(); ++i) {
    if (!takes_part(contestants[i])) continue;
    players.push_back({i, std::make_unique<WorkerProcess>(contestants[i].program, contestants[i].environment), {}});
    players.back().worker->ask("make " + job);
  }
  return players;
}

/// Runs in one measurement, measurements in a turn, turns.
struct Schedule {
  int64_t runs = 1, measurements = 1, turns = 1;
};

Schedule plan(const std::vector<Player>& players, const ContestOptions& options) {
  double slowest = 0;
  for (const Player& player : players) slowest = std::max(slowest, player.expected);
  Schedule schedule;
  if (!options.fresh_each_run) {
    schedule.runs = std::max<int64_t>(1, std::llround(std::ceil(kClockMilliseconds / slowest)));
  }
  const double measurement = slowest * static_cast<double>(schedule.runs);
  schedule.measurements = std::clamp<int64_t>(std::llround(kTurnMilliseconds / measurement), 1, options.measurements);
  const int64_t counted = std::max<int64_t>(1, schedule.measurements - 1);
  schedule.turns = std::max<int64_t>((options.measurements + counted - 1) / counted, schedule.measurements > 1 ? 8 : 1);
  return schedule;
}

/// The first measurement of a turn finds the caches full of another's data: it counts only where it is the turn.
void play(Player& player, const Schedule& schedule) {
  const std::vector<double> times = player.run(schedule.measurements, schedule.runs);
  player.times.insert(player.times.end(), times.begin() + (times.size() > 1 ? 1 : 0), times.end());
}

}  // namespace

void leave_peers_out() { peers_left_out = true; }

bool takes_part(const Contestant& contestant) {
  return has_worker(contestant.program) && (contestant.program == "heed_worker" || !peers_left_out);
}

Contestant heed_with(int threads) {
  return {"heed_worker", {{"HEED_NUM_THREADS", std::to_string(threads)}, {"OMP_NUM_THREADS", std::to_string(threads)}}};
}

Contestant openmp_peer(const std::string& program, int threads) {
  return {program, {{"OMP_NUM_THREADS", std::to_string(threads)}, {"OPENBLAS_NUM_THREADS", "1"}}};
}

Contestant openblas_peer(const std::string& program, int threads) {
  return {program, {{"OMP_NUM_THREADS", "1"}, {"OPENBLAS_NUM_THREADS", std::to_string(threads)}}};
}

std::vector<Contestant> torch_with(int threads) {
  if (threads == 1) return {openmp_peer("torch_worker", 1)};
  return {openmp_peer("torch_worker", threads), openblas_peer("torch_worker", threads)};
}

void print_peers(const std::vector<std::string>& programs) {
  for (const std::string& program : programs) {
    const Contestant peer = openmp_peer(program, 1);
    const bool is_there = takes_part(peer);
    const std::string about = is_there ? WorkerProcess(program, peer.environment).about() : "takes no part";
    std::printf("%s: %s\n", program.c_str(), about.empty() ? "says nothing of its kernels" : about.c_str());
  }
}

std::vector<Outcome> hold_contest(const std::vector<Contestant>& contestants, const std::string& job,
                                  const ContestOptions& options) {
  std::vector<Player> players = assemble(contestants, job);
  for (Player& player : players) player.expected = quantile(player.run(options.warm_up, 1), 0.5);
  const Schedule schedule = plan(players, options);
  for (int64_t turn = 0; turn < schedule.turns; ++turn) {
    for (Player& player : players) play(player, schedule);
  }
  std::vector<Outcome> outcomes(contestants.size());
  for (Player& player : players) {
    const std::vector<double> results = player.worker->ask("result");
    outcomes[player.place] = {quantile(player.times, 0.5), quantile(player.times, 0.1), results.at(0), results.at(1)};
  }
  return outcomes;
}

Comparison compare(const Contestant& ours, const std::vector<Contestant>& others, const std::string& job,
                   const ContestOptions& options) {
  std::vector<Contestant> all = {ours};
  all.insert(all.end(), others.begin(), others.end());
  const std::vector<Outcome> outcomes = hold_contest(all, job, options);
  Comparison comparison{outcomes[0], {}};
  for (size_t i = 1; i < outcomes.size(); ++i) {
    const bool better = comparison.peer.median == 0 || outcomes[i].median < comparison.peer.median;
    if (outcomes[i].median > 0 && better) comparison.peer = outcomes[i];
  }
  return comparison;
}

}  // namespace heed::bench
