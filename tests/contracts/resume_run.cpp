// resume_run K STEPS FOLDER: trains from FOLDER/K.npz (K = 0: from the start) to STEPS and saves FOLDER/from-K.npz;
// from the start it saves FOLDER/1.npz … on the way too. tests/contracts/resume.sh compares what comes out.
#include <exception>
#include <iostream>

#include "contracts/training_run.h"

int main(int count, char** arguments) {
  try {
    if (count != 4) {
      std::cerr << "usage: resume_run K STEPS FOLDER\n";
      return 2;
    }
    const int64_t from = std::stoll(arguments[1]), steps = std::stoll(arguments[2]);
    const std::string folder = std::string(arguments[3]) + "/";
    // Whatever is not restored must show: parameters and generators start otherwise in each process.
    heed::seed_default_generator(static_cast<uint64_t>(100 + from));
    heed::test::TrainingRun run;
    if (from > 0) {
      run.load(folder + std::to_string(from) + ".npz");
    }
    for (int64_t step = from + 1; step <= steps; ++step) {
      run.run_to(step);
      if (from == 0) {
        run.save(folder + std::to_string(step) + ".npz");
      }
    }
    run.save(folder + "from-" + arguments[1] + ".npz");
    return 0;
  } catch (const std::exception& error) {
    std::cerr << "resume_run: " << error.what() << "\n";
    return 1;
  }
}
