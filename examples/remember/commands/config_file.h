// ConfigFile: options from a file, for --config.
#pragma once

#include <istream>
#include <map>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

namespace remember {

/// Options from a file with a section per command (config_text.h). A key is the name of an option without dashes, its
/// value one value as on the command line; that of a flag is true, false, yes, no, on, off, 1 or 0. Sections of other
/// commands are allowed. Unknown sections and keys are refused: UsageError "FILE:LINE: …".
class ConfigFile : public CLI::Config {
 public:
  explicit ConfigFile(const CLI::App& program) : program_(program) {}
  std::vector<CLI::ConfigItem> from_config(std::istream& input) const override;
  std::string to_config(const CLI::App*, bool, bool, std::string) const override { return ""; }
  /// "FILE:LINE: " for an option, "--hidden", whose value comes from the file; else empty.
  std::string place_of(const std::string& option) const;

 private:
  const CLI::App& program_;
  mutable std::map<std::string, std::string> places_;
};

/// The option of a command with that key, "hidden" for --hidden; null if there is none.
const CLI::Option* option_called(const CLI::App& command, const std::string& key);

/// Refuses a --config that cannot be read.
CLI::Validator readable_file();

}  // namespace remember
