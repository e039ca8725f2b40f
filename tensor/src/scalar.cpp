// Scalar's refusal, out of line.
#include <heed/tensor/scalar.h>

#include <heed/tensor/error.h>

namespace heed {

void Scalar::refuse(std::string_view op) const { fail(op, "an integer cannot hold ", *this); }

}  // namespace heed
