// UsageError: wrong usage of the program, which ends with this message and status 2.
#pragma once

#include <stdexcept>
#include <string>

#include <heed/tensor/text_stream.h>

namespace remember {

class UsageError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// Throws UsageError "option: must be requirement, got value" unless `condition` holds.
template <class Value>
void require(bool condition, const std::string& option, const std::string& requirement, const Value& value) {
  if (!condition) {
    heed::TextStream text;
    text << option << ": must be " << requirement << ", got " << value;
    throw UsageError(text.str());
  }
}

}  // namespace remember
