// Numbers that int64 cannot hold, in full: six digits of 2^63 would read as a number that it does hold.
#include "operations/convert_scalar.h"

#include <cmath>

#include <heed/tensor/text_stream.h>

namespace heed::detail {

std::string all_digits(Scalar value) {
  TextStream text;
  const auto number = value.to<double>("all_digits");
  if (std::abs(number) >= 0x1p63 && std::abs(number) < 1e21) {
    text.precision(0);
    text << std::fixed << number;
  } else {
    text << value;
  }
  return text.str();
}

}  // namespace heed::detail
