// Puts the path of the running module in front of error messages.
#include <heed/tensor/error.h>

#include <heed/tensor/scope.h>

namespace heed::detail {

std::string located_message(std::string_view op, const std::string& message) {
  std::string text;
  const std::string& path = NameScope::current();
  if (!path.empty()) {
    text.append(path).append(": ");
    // A module's check gives its type as the op (`LSTM`): where there is a path, that says more.
    if (!op.empty() && op.front() >= 'A' && op.front() <= 'Z') {
      return text.append(message);
    }
  }
  return text.append(op).append(": ").append(message);
}

}  // namespace heed::detail
