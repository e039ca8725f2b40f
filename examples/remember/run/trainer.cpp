// Trainer: see trainer.h.
#include "run/trainer.h"

#include <algorithm>
#include <cmath>
#include <ctime>
#include <utility>

#include <heed/autograd/anomaly.h>
#include <heed/autograd/backward.h>
#include <heed/nn/optim/clip.h>
#include <heed/tensor/error.h>
#include <heed/tensor/multiply_adds.h>
#include <heed/tensor/parallel.h>
#include <heed/tensor/random.h>
#include <heed/tensor/storage.h>

#include "run/finite_state.h"
#include "run/kept_checkpoint.h"
#include "system/interrupt.h"

namespace remember {

namespace {

using Clock = std::chrono::steady_clock;
/// Metrics are written every kReportEvery steps and at each validation.
constexpr int64_t kReportEvery = 50;

/// CPU time of all threads of this process; of this thread if it works alone, so that runs side by side do not count
/// each other's.
double cpu_seconds() {
  if (timespec time = {}; heed::num_threads() == 1 && clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time) == 0) {
    return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
  }
  return static_cast<double>(std::clock()) / CLOCKS_PER_SEC;
}

double seconds_since(Clock::time_point begin) { return std::chrono::duration<double>(Clock::now() - begin).count(); }

/// Before the factor of the plateau.
heed::LRSchedule make_schedule(const TrainingOptions& options) {
  const int64_t rest = std::max<int64_t>(1, options.steps - options.warmup);
  const heed::LRSchedule after = options.schedule == "cosine" && !until_plateau(options)
                                     ? heed::LRSchedule(heed::CosineAnnealingLR(rest))
                                     : heed::ConstantLR(1, 0);
  return heed::WarmUp(options.warmup, after);
}

RunDescription describe(const RunOptions& options, const Dataset& dataset, int64_t asked_steps) {
  return {options, dataset.source_vocabulary(), dataset.target_vocabulary(), dataset.fingerprint(), asked_steps};
}

/// Validations to wait for an improvement: --patience, or a tenth of all so far if that is more. Learning slows down as
/// it goes on, so that a fixed wait would end long runs at noise, and ten times the training would tell another story.
int64_t patience_at(const TrainingOptions& training, int64_t step) {
  return std::max(training.patience, step / training.valid_every / 10);
}

std::string place_of(const std::string& folder) { return folder.empty() ? "" : " of the run in " + folder; }

[[noreturn]] void refuse_not_finite(const NotFinite& fault, const char* what, int64_t step, const std::string& folder) {
  heed::fail("train", what, " must stay finite, got ", fault.value, " in ", fault.name, " after Adam's update of step ",
             step, place_of(folder), "; a lower --lr may help");
}

/// The model of the options; seeds the default generator and draws the parameters from it.
Model seeded_model(const RunDescription& description) {
  heed::seed_default_generator(description.options.training.seed);
  return Model(description.options.model, description.source_vocabulary, description.target_vocabulary);
}

}  // namespace

Trainer::Trainer(const RunOptions& options, Dataset& dataset, const std::string& folder, Progress& progress,
                 std::string label, const SavedRun* saved, int64_t asked_steps)
    : description_(readable(describe(options, dataset, asked_steps))),
      dataset_(dataset),
      folder_(folder),
      progress_(progress),
      label_(std::move(label)),
      model_(seeded_model(description_)),
      parameters_(model_.network().named_parameters()),
      optimizer_(model_.network(), {.lr = options.training.learning_rate}),
      schedule_(make_schedule(options.training)),
      metrics_(folder.empty() ? "" : folder + '/' + kMetricsFile,
               saved == nullptr ? 0 : saved->checkpoint.progress.step),
      problems_(validation_problems(dataset)),
      longest_(longest_problems(options.data)) {
  if (saved != nullptr) {
    require_same_data(*saved, dataset, options.data.data);
    restore_training(*saved, folder_ + '/' + kLastCheckpoint, model_.network(), optimizer_);
    step_ = saved->checkpoint.progress.step;
    saved_step_ = step_;
    state_ = saved->state;
  }
  first_step_ = step_;
}

bool Trainer::finished() const {
  const TrainingOptions& training = description_.options.training;
  return step_ >= most_steps(training) || (until_plateau(training) && state_.plateau.converged);
}

double Trainer::seconds() const { return metrics_.seconds() + seconds_before_ + seconds_since(begin_); }

TrainingCost Trainer::cost() const {
  return {seconds(), cpu_seconds() - cpu_before_, static_cast<double>(tokens_) / std::max(training_seconds_, 1e-9),
          heed::allocator_stats().peak_bytes_in_use};
}

heed::StepCost Trainer::forecast() {
  const TrainingOptions& training = description_.options.training;
  const Batch batch = make_batch(dataset_.batch(step_), model_.source_form());
  model_.network().train();
  return heed::step_cost(model_.network(),
                         [&] { return model_.loss(batch, training.teacher_forcing, training.label_smoothing); });
}

/// Sets the loss and the gradients; returns their norm before clipping.
double Trainer::gradients(const Batch& batch) {
  const TrainingOptions& training = description_.options.training;
  const heed::AnomalyMode anomaly(training.detect_anomaly);
  optimizer_.zero_grad();
  try {
    const heed::Variable loss = model_.loss(batch, training.teacher_forcing, training.label_smoothing);
    heed::backward(loss);
    loss_ = loss.item();
  } catch (const heed::AnomalyError& error) {
    throw heed::AnomalyError("train: at step " + std::to_string(step_ + 1) + place_of(folder_) + ": " + error.what());
  }
  const double norm = heed::clip_grad_norm(optimizer_.parameters(), training.clip);
  heed::check(std::isfinite(loss_) && std::isfinite(norm), "train", "loss and gradient must stay finite, got loss ",
              named_number(loss_), " and gradient norm ", named_number(norm), " at step ", step_ + 1, place_of(folder_),
              "; a lower --lr may help, --detect-anomaly names the operation");
  return norm;
}

/// One update; returns the norm of the gradient before clipping.
double Trainer::train_step() {
  const std::vector<Example> examples = dataset_.batch(step_);
  const Batch batch = make_batch(examples, model_.source_form());
  model_.network().train();
  const int64_t multiply_adds = heed::multiply_adds();
  const double norm = gradients(batch);
  if (state_.multiply_adds >= 0) {
    state_.multiply_adds += heed::multiply_adds() - multiply_adds;
  }
  heed::apply_schedule(
      [&](double initial, int64_t step) { return schedule_(initial, step) * state_.plateau.rate_factor(); }, optimizer_,
      step_);
  optimizer_.step();
  ++step_;
  if (const auto fault = find_not_finite(parameters_)) {
    refuse_not_finite(*fault, "weights", step_, folder_);
  }
  tokens_ += batch.tokens;
  state_.examples += static_cast<int64_t>(examples.size());
  state_.loss_sum += loss_;
  ++state_.loss_steps;
  return norm;
}

double Trainer::time_steps(int64_t steps, double most_seconds) {
  const Clock::time_point begin = Clock::now();
  int64_t made = 0;
  do {
    train_step();
    ++made;
  } while (made < steps && seconds_since(begin) < most_seconds);
  return seconds_since(begin) / static_cast<double>(made);
}

void Trainer::validate_now() {
  validation_ = evaluate(model_.decoder(), problems_).total;
  validation_loss_ = model_.mean_loss(readable(problems_));
  validation_longest_ = evaluate(model_.decoder(), longest_.problems).total;
  state_.exact = validation_.exact_rate();
  if (state_.exact >= state_.best_exact) {
    state_.best_exact = state_.exact;
    state_.best_step = step_;
    save(kBestCheckpoint);
  }
}

void Trainer::report(bool validated, double gradient_norm) {
  nlohmann::ordered_json line = {{"step", step_},
                                 {"loss", state_.loss_sum / static_cast<double>(state_.loss_steps)},
                                 {"learning_rate", optimizer_.lr()},
                                 {"gradient_norm", gradient_norm},
                                 {"examples", state_.examples},
                                 {"multiply_adds", std::max<int64_t>(0, state_.multiply_adds)}};
  if (validated) {
    line["valid_exact"] = validation_.exact_rate();
    line["valid_token"] = validation_.token_rate();
    line["valid_prefix"] = validation_.prefix_rate();
    line["valid_edits"] = validation_.edit_rate();
    line["valid_loss"] = validation_loss_;
    if (longest_.length > 0) {
      line["longest"] = longest_.length;
      line["valid_exact_longest"] = validation_longest_.exact_rate();
    }
  }
  line["tokens_per_second"] = static_cast<double>(tokens_) / training_seconds_;
  line["seconds"] = seconds();
  metrics_.add(line);
  state_.loss_sum = 0;
  state_.loss_steps = 0;
}

void Trainer::save(const std::string& file) {
  heed::TrainingProgress progress;
  progress.step = step_;
  progress.configuration = to_text(description_);
  progress.metrics = to_text(state_);
  const heed::Checkpoint checkpoint = heed::capture(model_.network(), &optimizer_, {}, std::move(progress));
  for (const heed::StateDict* part : {&checkpoint.model, &checkpoint.optimizer}) {
    if (const auto fault = find_not_finite(*part)) {
      refuse_not_finite(*fault, part == &checkpoint.model ? "weights" : "the optimiser's state", step_, folder_);
    }
  }
  heed::save_checkpoint(folder_ + '/' + file, checkpoint);
}

/// Measurements come to the disk first: a checkpoint whose lines were lost could not tell them again.
void Trainer::save_last() {
  const int64_t keep = description_.options.training.keep;
  metrics_.sync();
  if (keep > 0 && saved_step_ >= 0 && saved_step_ < step_) {
    keep_last_checkpoint(folder_, saved_step_);
  }
  save(kLastCheckpoint);
  saved_step_ = step_;
  if (keep > 0) {
    remove_kept_checkpoints(folder_, step_, keep);
  }
}

ProgressState Trainer::progress_state() const {
  const int64_t steps = most_steps(description_.options.training);
  const double seconds_a_step = seconds_since(begin_) / static_cast<double>(std::max<int64_t>(1, step_ - first_step_));
  ProgressState state;
  state.label = label_;
  state.step = step_;
  state.steps = steps;
  state.loss = loss_;
  if (state_.exact >= 0) {
    state.exact = state_.exact;
  }
  state.tokens_per_second = static_cast<double>(tokens_) / training_seconds_;
  state.at_most = until_plateau(description_.options.training);
  state.seconds_left = std::max(
      0.0, std::min(seconds_a_step * static_cast<double>(steps - step_), most_seconds_ - seconds_since(begin_)));
  return state;
}

/// A step, and what is due after it.
void Trainer::take_step() {
  const TrainingOptions& training = description_.options.training;
  const Clock::time_point step_begin = Clock::now();
  const double norm = train_step();
  training_seconds_ += seconds_since(step_begin);
  const bool due = step_ == most_steps(training) || step_ % training.valid_every == 0;
  if (due) {
    validate_now();
  }
  if (due && until_plateau(training) && step_ >= first_judged_step(description_.options)) {
    add_validation(state_.plateau, state_.exact, validation_loss_, patience_at(training, step_));
  }
  if (due || step_ % kReportEvery == 0) {
    report(due, norm);
  }
  progress_.show(progress_state(), due);
  if (!finished() && step_ % training.checkpoint_every == 0) {
    save_last();
  }
}

Trainer::Ending Trainer::run(int64_t stop_at, double most_seconds) {
  begin_ = Clock::now();
  most_seconds_ = most_seconds;
  cpu_before_ = cpu_seconds();
  heed::reset_peak_bytes();
  bool stopped = false;
  while (!finished() && !stopped && step_ < stop_at && !interrupted()) {
    take_step();
    stopped = seconds_since(begin_) >= most_seconds_;
  }
  if (stopped && state_.best_exact < 0) {
    save(kBestCheckpoint);  // not of the state: when and how often the time was over changes nothing of a run
  }
  save_last();
  seconds_before_ += seconds_since(begin_);
  begin_ = Clock::now();
  return finished() ? Ending::finished : interrupted() ? Ending::interrupted : Ending::stopped;
}

}  // namespace remember
