// Prints Variables as their values.
#pragma once

#include <ostream>

#include <heed/autograd/variable.h>
#include <heed/tensor/print.h>

namespace heed {

/// The value, as NumPy prints it. Throws ValueError for an undefined Variable.
inline std::ostream& operator<<(std::ostream& out, const Variable& x) { return out << x.value(); }

}  // namespace heed
