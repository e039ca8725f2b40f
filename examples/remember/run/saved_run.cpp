// Reads and writes what a checkpoint says of its run: see saved_run.h.
#include "run/saved_run.h"

#include <algorithm>
#include <cerrno>
#include <exception>
#include <filesystem>
#include <functional>
#include <new>
#include <system_error>
#include <utility>
#include <vector>

#include <heed/tensor/error.h>
#include <heed/tensor/file.h>

#include "run/expected_state.h"
#include "run/finite_state.h"
#include "run/json_text.h"
#include "run/options_json.h"
#include "text/usage_error.h"
#include "text/words.h"

namespace remember {

namespace {

using Json = nlohmann::ordered_json;
constexpr int64_t kFormat = 1;

[[noreturn]] void refuse(const std::string& path, const std::string& got) {
  heed::fail<heed::FileError>(path, "must be a checkpoint that remember wrote, got: ", got);
}

using Accept = std::function<void(const heed::CheckpointOutline&)>;

/// Throws heed::FileError: "cannot read PATH: …", or what is wrong with the file.
heed::Checkpoint read_checkpoint(const std::string& path, const Accept& accept) {
  try {
    return heed::load_checkpoint(path, accept);
  } catch (const heed::FileAccessError&) {
    throw;
  } catch (const heed::FileError& error) {
    const std::string message = error.what();
    const size_t at = message.find(path + ": ");
    refuse(path, at == std::string::npos ? message : message.substr(at + path.size() + 2));
  }
}

/// Throws heed::FileError unless all numbers of the model and the optimiser are finite.
void require_finite(const heed::Checkpoint& checkpoint, const std::string& path) {
  for (const auto& [start, part] :
       {std::pair("model.", &checkpoint.model), std::pair("optimizer.", &checkpoint.optimizer)}) {
    if (const auto fault = find_not_finite(*part)) {
      refuse(path, "member '" + (start + fault->name) + "' with a value that is not finite: " + fault->value);
    }
  }
}

/// Runs `read` on the text as JSON. Its exceptions become heed::FileError.
template <class Read>
auto read_json(const std::string& text, const std::string& path, Read read) {
  try {
    return read(parse_json(text));
  } catch (const Json::exception&) {  // its text is about JSON, which the user has not chosen
    refuse(path, "one without a description of the run");
  } catch (const UsageError& error) {
    refuse(path, error.what());
  } catch (const heed::ValueError& error) {
    refuse(path, error.what());
  }
}

int64_t whole(const Json& json, const std::string& key) {
  require_whole(json.at(key), key);
  return json.at(key).get<int64_t>();
}

Plateau read_plateau(const Json& json) {
  return {.best_exact = json.at("best_exact").get<double>(),
          .best_loss = json.at("best_loss").get<double>(),
          .waited = whole(json, "waited"),
          .lowered = whole(json, "lowered"),
          .perfect = whole(json, "perfect"),
          .converged = json.at("converged").get<bool>()};
}

/// The checkpoints in a folder and, if it is that of a comparison, those named `wanted` in the folders of its runs.
std::vector<std::string> checkpoints_in(const std::string& folder, const std::string& wanted) {
  std::vector<std::string> found;
  std::error_code ignored;
  for (const char* name : {kBestCheckpoint, kLastCheckpoint}) {
    if (std::filesystem::exists(folder + '/' + name, ignored)) {
      found.push_back(folder + '/' + name);
    }
  }
  std::filesystem::directory_iterator runs(folder + "/runs", ignored);
  for (const std::filesystem::directory_entry& run : runs) {
    if (std::filesystem::exists(run.path() / wanted, ignored)) {
      found.push_back((run.path() / wanted).string());
    }
  }
  std::sort(found.begin(), found.end());
  return found;
}

}  // namespace

std::string checkpoint_file(const std::string& path, const std::string& name) {
  std::error_code fault;
  if (!std::filesystem::is_directory(path, fault)) {
    return path;
  }
  const std::string file = (std::filesystem::path(path) / name).string();
  if (!std::filesystem::exists(file, fault)) {
    const std::vector<std::string> others = checkpoints_in(path, name);
    heed::fail<heed::FileError>("cannot read " + file, heed::system_message(fault ? fault.value() : ENOENT),
                                others.empty() ? "; no checkpoint is in that folder" : "; there are:\n  ",
                                joined(others, "\n  "));
  }
  return file;
}

std::string to_text(const RunDescription& description) {
  Json json = {{"program", "remember"},
               {"format", kFormat},
               {"options", description.options},
               {"source_vocabulary", description.source_vocabulary.tokens()},
               {"target_vocabulary", description.target_vocabulary.tokens()},
               {"fingerprint", description.fingerprint}};
  if (description.asked_steps > 0) {
    json["asked_steps"] = description.asked_steps;
  }
  return json.dump();
}

RunDescription readable(RunDescription description) {
  try {
    parse_json(to_text(description));
  } catch (const heed::ValueError& error) {
    heed::fail(
        "train", "a checkpoint with the ", description.source_vocabulary.size() + description.target_vocabulary.size(),
        " words of this data could not be read again, got: ", error.what(), "; use data with fewer different words");
  }
  return description;
}

std::string to_text(const RunState& state) {
  const Json json = {{"loss_sum", state.loss_sum},
                     {"loss_steps", state.loss_steps},
                     {"exact", state.exact},
                     {"best_exact", state.best_exact},
                     {"best_step", state.best_step},
                     {"examples", state.examples},
                     {"multiply_adds", state.multiply_adds},
                     {"plateau",
                      {{"best_exact", state.plateau.best_exact},
                       {"best_loss", state.plateau.best_loss},
                       {"waited", state.plateau.waited},
                       {"lowered", state.plateau.lowered},
                       {"perfect", state.plateau.perfect},
                       {"converged", state.plateau.converged}}}};
  return json.dump();
}

RunDescription read_description(const heed::TrainingProgress& progress, const std::string& path) {
  return read_json(progress.configuration, path, [&](const Json& json) {
    require_whole(json.at("format"), "format");
    heed::check<heed::FileError>(json.at("format").get<int64_t>() <= kFormat, path, "must be of format ", kFormat,
                                 " or before, got ", json.at("format").get<int64_t>());
    heed::check<heed::FileError>(json.at("program").get<std::string>() == "remember", path,
                                 "must be a checkpoint that remember wrote, got: one of another program");
    RunDescription description;
    json.at("options").get_to(description.options);
    description.source_vocabulary = Vocabulary(json.at("source_vocabulary").get<std::vector<std::string>>());
    description.target_vocabulary = Vocabulary(json.at("target_vocabulary").get<std::vector<std::string>>());
    require_whole(json.at("fingerprint"), "fingerprint", /*is_signed=*/false);
    json.at("fingerprint").get_to(description.fingerprint);
    description.asked_steps = json.contains("asked_steps") ? whole(json, "asked_steps") : 0;
    return description;
  });
}

RunState read_state(const heed::TrainingProgress& progress, const std::string& path) {
  return read_json(progress.metrics, path, [](const Json& json) {
    RunState state;
    json.at("loss_sum").get_to(state.loss_sum);
    state.loss_steps = whole(json, "loss_steps");
    json.at("exact").get_to(state.exact);
    json.at("best_exact").get_to(state.best_exact);
    state.best_step = whole(json, "best_step");
    state.multiply_adds = -1;
    if (json.contains("plateau")) {  // since it was written
      state.examples = whole(json, "examples");
      state.multiply_adds = whole(json, "multiply_adds");
      state.plateau = read_plateau(json.at("plateau"));
    }
    return state;
  });
}

namespace {

void require_model(const heed::CheckpointOutline& outline, const RunDescription& description, const std::string& path) {
  try {
    require_expected(outline, description);
  } catch (const heed::ValueError& error) {
    heed::fail<heed::FileError>(path, "must hold the parameters of the model it describes, got: ", error.what());
  }
}

}  // namespace

SavedRun load_run(const std::string& path) {
  SavedRun run;
  // What is wrong with the description or its model is not what read_checkpoint() says of files.
  std::exception_ptr refused;
  try {
    run.checkpoint = read_checkpoint(path, [&](const heed::CheckpointOutline& outline) {
      try {
        run.description = read_description(outline.progress, path);
        run.state = read_state(outline.progress, path);
        require_model(outline, run.description, path);
      } catch (...) {
        refused = std::current_exception();
        throw;
      }
    });
    require_finite(run.checkpoint, path);
  } catch (const heed::FileError&) {
    if (refused) {
      std::rethrow_exception(refused);
    }
    throw;
  } catch (const heed::Error& error) {  // there is no memory for a tensor
    heed::fail<heed::FileAccessError>("cannot read " + path, error.what());
  } catch (const std::bad_alloc&) {
    heed::fail<heed::FileAccessError>("cannot read " + path, heed::system_message(ENOMEM));
  }
  if (run.state.examples == 0) {  // of before they were counted
    run.state.examples = run.checkpoint.progress.step * run.description.options.training.batch;
  }
  return run;
}

void require_same_data(const SavedRun& run, const Dataset& dataset, const std::string& data) {
  heed::check<heed::FileError>(run.description.fingerprint == dataset.fingerprint(), data,
                               "must hold the data that the run began with, got others");
}

void restore_training(const SavedRun& run, const std::string& path, heed::Module& model, heed::Optimizer& optimizer) {
  try {
    heed::restore(run.checkpoint, model, &optimizer);
  } catch (const heed::ValueError& error) {
    heed::fail<heed::FileError>(path, "must hold the state of the run it describes, got: ", error.what());
  } catch (const heed::Error& error) {  // there is no memory for a tensor
    heed::fail<heed::FileAccessError>("cannot read " + path, error.what());
  }
}

std::unique_ptr<Model> restore_model(const SavedRun& run, const std::string& path) {
  const RunDescription& description = run.description;
  auto model =
      std::make_unique<Model>(description.options.model, description.source_vocabulary, description.target_vocabulary);
  try {
    model->network().load_state_dict(run.checkpoint.model);
  } catch (const heed::ValueError& error) {
    heed::fail<heed::FileError>(path, "must hold the parameters of the model it describes, got: ", error.what());
  }
  return model;
}

}  // namespace remember
