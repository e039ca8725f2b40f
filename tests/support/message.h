// message_of: what an error says, for tests of error messages.
#pragma once

#include <exception>
#include <string>

/// The text of the `Kind` that `body` throws; "" when it throws nothing. Other exceptions pass through.
template <class Kind = std::exception, class Body>
std::string message_of(Body&& body) {
  try {
    body();
  } catch (const Kind& error) {
    return error.what();
  }
  return "";
}
