// The functions that public headers declare: what a table of operations must have a row for.
#pragma once

#include <filesystem>
#include <fstream>
#include <regex>
#include <set>
#include <string>

#include "support/catch.h"

namespace heed::test {

/// The names of functions whose declaration starts a line of some header in `folder` or below, with a return type that
/// matches `type` and a first line of parameters in which `parameters` is found.
inline std::set<std::string> declared_functions(const std::string& folder, const std::string& type,
                                                const std::string& parameters = "") {
  const std::regex declaration("^(?:inline )?(?:" + type + ") (\\w+)\\((.*)"), wanted(parameters);
  std::set<std::string> names;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    std::ifstream header(entry.path());
    std::string line;
    std::smatch match;
    while (entry.path().extension() == ".h" && std::getline(header, line)) {
      if (std::regex_search(line, match, declaration) && std::regex_search(match[2].first, match[2].second, wanted)) {
        names.insert(match[1]);
      }
    }
  }
  names.erase("operator");
  REQUIRE(names.size() > 10);
  return names;
}

/// Says which of `declared` are neither among `tested` nor among `others`, all of which must be declared.
inline void check_all_tested(std::set<std::string> declared, const std::set<std::string>& tested,
                             const std::set<std::string>& others) {
  for (const std::string& name : others) {
    CAPTURE(name);
    CHECK(declared.erase(name) == 1);
  }
  for (const std::string& name : tested) {
    declared.erase(name);
  }
  for (const std::string& name : declared) {
    UNSCOPED_INFO(name);
  }
  CHECK(declared.empty());
}

}  // namespace heed::test
