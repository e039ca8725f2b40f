// Looks at a text of JSON before it is made into values: see json_text.h.
#include "run/json_text.h"

#include <set>
#include <vector>

#include <heed/tensor/error.h>
#include <heed/tensor/file.h>
#include <heed/tensor/utf8.h>

namespace remember {

namespace {

using Json = nlohmann::ordered_json;

constexpr int64_t kMostValues = 500'000;
constexpr size_t kDeepest = 32;
constexpr size_t kMostKeys = 1000;

/// Counts what a text holds, and keeps none of it but the keys of the objects that are open.
class Counter : public nlohmann::json_sax<Json> {
 public:
  bool null() override { return count(); }
  bool boolean(bool) override { return count(); }
  bool number_integer(number_integer_t) override { return count(); }
  bool number_unsigned(number_unsigned_t) override { return count(); }
  bool number_float(number_float_t, const string_t&) override { return count(); }
  bool string(string_t&) override { return count(); }
  bool binary(binary_t&) override { return count(); }
  bool start_object(size_t) override { return open(); }
  bool start_array(size_t) override { return open(); }
  bool end_object() override { return close(); }
  bool end_array() override { return close(); }
  bool key(string_t& key) override {
    std::set<std::string>& keys = open_.back();
    const bool is_new = keys.insert(key).second;
    heed::check(is_new, "JSON", "the key '", is_new ? "" : heed::printable(key, 60), "' is there twice");
    heed::check(keys.size() <= kMostKeys, "JSON", "must have at most ", kMostKeys, " keys in an object, got more");
    return true;
  }
  bool parse_error(size_t, const std::string&, const Json::exception& error) override {
    // Thrown as it is: the base class loses its type.
    if (const auto* wrong = dynamic_cast<const Json::parse_error*>(&error)) {
      throw *wrong;
    }
    if (const auto* range = dynamic_cast<const Json::out_of_range*>(&error)) {
      throw *range;
    }
    return false;
  }

 private:
  bool count() {
    heed::check(++values_ <= kMostValues, "JSON", "must have at most ", kMostValues, " values, got more");
    return true;
  }
  bool open() {
    open_.emplace_back();
    heed::check(open_.size() <= kDeepest, "JSON", "must be at most ", kDeepest, " levels deep, got more");
    return count();
  }
  bool close() {
    open_.pop_back();
    return true;
  }

  int64_t values_ = 0;
  std::vector<std::set<std::string>> open_;
};

/// Throws heed::ValueError or Json::exception unless parse_json() takes the text.
void require_bounded(std::string_view text) {
  heed::check(static_cast<int64_t>(text.size()) <= kLongestJson, "JSON", "must have at most ", kLongestJson,
              " bytes, got ", text.size());
  Counter counter;
  Json::sax_parse(text, &counter);
}

}  // namespace

Json parse_json(std::string_view text) {
  require_bounded(text);
  return Json::parse(text);
}

std::string read_measurements(const std::string& path) {
  constexpr int64_t kLongest = int64_t{64} << 20;
  return heed::read_file(path, kLongest);
}

nlohmann::json parse_measurement(const std::string& line) {
  try {
    require_bounded(line);
    return nlohmann::json::parse(line);
  } catch (const heed::ValueError&) {
  } catch (const nlohmann::json::exception&) {
  }
  return nlohmann::json::value_t::discarded;
}

Json read_json_file(const std::string& path) {
  try {
    return parse_json(heed::read_file(path, kLongestJson));
  } catch (const heed::ValueError& error) {
    heed::fail<heed::FileError>(path, error.what());
  }
}

void require_whole(const Json& value, const std::string& key, bool is_signed) {
  constexpr uint64_t kLargest = std::numeric_limits<int64_t>::max();
  const bool fits = is_signed ? !value.is_number_unsigned() || value.get<uint64_t>() <= kLargest
                              : value.is_number_unsigned() || (value.is_number() && value.get<int64_t>() >= 0);
  heed::check(value.is_number_integer() && fits, key, "must be a whole number, got ",
              heed::printable(value.dump(-1, ' ', false, Json::error_handler_t::replace), 60));
}

}  // namespace remember
