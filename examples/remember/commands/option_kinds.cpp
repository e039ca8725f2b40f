// Kinds of options: see option_kinds.h.
#include "commands/option_kinds.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <string_view>
#include <system_error>

#include <heed/tensor/file.h>

#include "text/words.h"

namespace remember {

std::string read_switch(std::string& text) {
  constexpr std::array<std::string_view, 4> kOn = {"true", "yes", "on", "1"}, kOff = {"false", "no", "off", "0"};
  const std::string word = in_lower_case(text);
  const bool on = std::find(kOn.begin(), kOn.end(), word) != kOn.end();
  if (!on && std::find(kOff.begin(), kOff.end(), word) == kOff.end()) {
    return "must be true or false, got '" + text + "'";
  }
  text = on ? "true" : "false";
  return "";
}

CLI::Option* add_switch(CLI::App& app, const std::string& name, bool& value, const std::string& help) {
  return app.add_flag(name, value, help)->transform(CLI::Validator(read_switch, ""));
}

bool is_on_unless_given(const CLI::Option& flag) {
  const std::vector<std::string>& names = flag.get_lnames();
  return std::any_of(names.begin(), names.end(), [](const std::string& name) { return name.starts_with("no-"); });
}

CLI::Option* add_file(CLI::App& app, const std::string& name, std::string& value, const std::string& help) {
  const auto make_absolute = [](std::string& path) {
    std::error_code fault;
    path = path.empty() ? "" : std::filesystem::absolute(path, fault).string();  // `..` after a link is not lexical
    return fault ? "cannot find the working folder: " + heed::system_message(fault.value()) : std::string();
  };
  return app.add_option(name, value, help)->transform(CLI::Validator(make_absolute, ""))->type_name("FILE");
}

CLI::Validator some_text() {
  return {[](const std::string& text) { return std::string(text.empty() ? "must be given a value, got none" : ""); },
          ""};
}

CLI::Validator without_blanks() {
  return {[](std::string& text) {
            text = joined(split_list(text), ",");
            return std::string();
          },
          ""};
}

}  // namespace remember
