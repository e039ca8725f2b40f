// Options that are on or off: see switch_option.h.
#include "commands/switch_option.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "words.h"

namespace remember {

std::string read_switch(std::string& text) {
  constexpr std::array<std::string_view, 4> kOn = {"true", "yes", "on", "1"}, kOff = {"false", "no", "off", "0"};
  const std::string small = in_small_letters(text);
  const bool on = std::find(kOn.begin(), kOn.end(), small) != kOn.end();
  if (!on && std::find(kOff.begin(), kOff.end(), small) == kOff.end()) {
    return "must be true or false, got '" + text + "'";
  }
  text = on ? "true" : "false";
  return "";
}

CLI::Option* add_switch(CLI::App& app, const std::string& name, bool& value, const std::string& what) {
  return app.add_flag(name, value, what)->transform(CLI::Validator(read_switch, ""));
}

bool is_on_unless_given(const CLI::Option& flag) {
  const std::vector<std::string>& names = flag.get_lnames();
  return std::any_of(names.begin(), names.end(), [](const std::string& name) { return name.starts_with("no-"); });
}

}  // namespace remember
