// Numbers as text for people.
#pragma once

#include <cstdint>
#include <string>

namespace remember {

/// "1,234,567".
std::string grouped(int64_t number);
/// With `digits` digits after the point: "0.123".
std::string fixed(double number, int digits);
/// A rate in per cent: "99.5"; "100.0" only if it is 1 and "0.0" only if it is 0.
std::string percent_number(double rate);
/// The same with its sign: "99.5 %".
std::string percent(double rate);
/// "0:07", "12:34", "1:02:03".
std::string clock(double seconds);
/// "12.3 MB", powers of 1,000.
std::string bytes(int64_t count);

}  // namespace remember
