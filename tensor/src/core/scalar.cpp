// What Scalar says: a number as text, and that an integer cannot hold it.
#include <heed/tensor/scalar.h>

#include <heed/tensor/error.h>
#include <heed/tensor/text_stream.h>

namespace heed {

std::ostream& operator<<(std::ostream& out, const Scalar& x) {
  TextStream text;
  text.precision(out.precision());
  if (x.is_integer_) {
    text << x.integer_;
  } else {
    text << x.real_;
  }
  return out << text.str();
}

void Scalar::refuse(std::string_view op) const { fail(op, "an integer cannot hold ", *this); }

}  // namespace heed
