// JSON from files: bounded in size and depth, and read without conversions.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

namespace remember {

/// The most bytes of a text of JSON that is read.
inline constexpr int64_t kLongestJson = int64_t{8} << 20;

/// The text as JSON. Throws heed::ValueError for one that is too large: 8 MiB, 500,000 values, 32 levels, 1,000 keys in
/// an object; and for a key that is there twice. Throws nlohmann::json::exception for what is no JSON.
nlohmann::ordered_json parse_json(std::string_view text);
/// parse_json() of a file. Throws heed::FileError too.
nlohmann::ordered_json read_json_file(const std::string& path);

/// The text of metrics.jsonl. Throws heed::FileError, for one above 64 MiB too.
std::string read_measurements(const std::string& path);
/// A line of it; is_discarded() where it is no JSON or too large.
nlohmann::json parse_measurement(const std::string& line);

/// Throws heed::ValueError naming `key` unless the value is a whole number without a fraction, of that type's range.
void require_whole(const nlohmann::ordered_json& value, const std::string& key, bool is_signed = true);

}  // namespace remember
