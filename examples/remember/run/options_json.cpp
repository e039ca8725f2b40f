// Options to JSON and back: see options_json.h.
#include "run/options_json.h"

#include <cstdint>
#include <string>
#include <type_traits>
#include <vector>

#include <heed/tensor/utf8.h>

#include "run/json_text.h"
#include "run/run_option.h"

namespace remember {

namespace {

using Json = nlohmann::ordered_json;

template <class Value>
void write(Json& json, const std::string& key, const Value& value) {
  json[key] = value;
}

void write(Json& json, const std::string& key, const LengthRange& value) { json[key] = to_string(value); }

/// A path may hold any bytes, but a JSON string is UTF-8: other paths are also written as numbers, one per byte.
void write(Json& json, const std::string& key, const std::string& value) {
  json[key] = heed::escape_invalid_utf8(value);
  if (heed::find_invalid_utf8(value) < value.size()) {
    json[key + "_bytes"] = std::vector<uint8_t>(value.begin(), value.end());
  }
}

template <class Value>
void read(const Json& json, const std::string& key, Value& value) {
  if constexpr (std::is_integral_v<Value> && !std::is_same_v<Value, bool>) {
    require_whole(json.at(key), key, std::is_signed_v<Value>);
  }
  json.at(key).get_to(value);
}

void read(const Json& json, const std::string& key, LengthRange& value) {
  value = parse_length_range(json.at(key).get<std::string>(), key);
}

void read(const Json& json, const std::string& key, std::string& value) {
  json.at(key).get_to(value);
  if (json.contains(key + "_bytes")) {
    const auto bytes = json.at(key + "_bytes").get<std::vector<uint8_t>>();
    value.assign(bytes.begin(), bytes.end());
  }
}

}  // namespace

void to_json(Json& json, const RunOptions& options) {
  json = Json::object();
  for (const RunOption& option : run_options()) {
    if (option.on_resume != OnResume::free) {
      std::visit([&](const auto& value) { write(json[option.group], option.key, value); }, value_of(option, options));
    }
  }
}

void from_json(const Json& json, RunOptions& options) {
  for (const RunOption& option : run_options()) {
    const Json& group = json.at(option.group);
    const auto set = [&](auto* member) {
      using Value = std::remove_pointer_t<decltype(member)>;
      if (option.if_missing && !group.contains(option.key)) {
        *member = std::get<Value>(*option.if_missing);
      } else {
        read(group, option.key, *member);
      }
    };
    std::visit(set, option.member(options));
  }
  validate(options);
}

}  // namespace remember
