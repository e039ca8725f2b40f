// Compares Variables: what comes out is data, a bool tensor, and has no gradient. See heed/tensor/elementwise.h.
#pragma once

#include <heed/autograd/variable.h>
#include <heed/tensor/elementwise.h>

namespace heed {

inline Tensor eq(const Variable& a, const Variable& b) { return eq(a.value(), b.value()); }
inline Tensor ne(const Variable& a, const Variable& b) { return ne(a.value(), b.value()); }
inline Tensor lt(const Variable& a, const Variable& b) { return lt(a.value(), b.value()); }
inline Tensor le(const Variable& a, const Variable& b) { return le(a.value(), b.value()); }
inline Tensor gt(const Variable& a, const Variable& b) { return gt(a.value(), b.value()); }
inline Tensor ge(const Variable& a, const Variable& b) { return ge(a.value(), b.value()); }
inline Tensor eq(const Variable& a, Scalar b) { return eq(a.value(), b); }
inline Tensor ne(const Variable& a, Scalar b) { return ne(a.value(), b); }
inline Tensor lt(const Variable& a, Scalar b) { return lt(a.value(), b); }
inline Tensor le(const Variable& a, Scalar b) { return le(a.value(), b); }
inline Tensor gt(const Variable& a, Scalar b) { return gt(a.value(), b); }
inline Tensor ge(const Variable& a, Scalar b) { return ge(a.value(), b); }

inline Tensor operator==(const Variable& a, const Variable& b) { return eq(a, b); }
inline Tensor operator!=(const Variable& a, const Variable& b) { return ne(a, b); }
inline Tensor operator<(const Variable& a, const Variable& b) { return lt(a, b); }
inline Tensor operator<=(const Variable& a, const Variable& b) { return le(a, b); }
inline Tensor operator>(const Variable& a, const Variable& b) { return gt(a, b); }
inline Tensor operator>=(const Variable& a, const Variable& b) { return ge(a, b); }
inline Tensor operator==(const Variable& a, Scalar b) { return eq(a, b); }
inline Tensor operator!=(const Variable& a, Scalar b) { return ne(a, b); }
inline Tensor operator<(const Variable& a, Scalar b) { return lt(a, b); }
inline Tensor operator<=(const Variable& a, Scalar b) { return le(a, b); }
inline Tensor operator>(const Variable& a, Scalar b) { return gt(a, b); }
inline Tensor operator>=(const Variable& a, Scalar b) { return ge(a, b); }
inline Tensor operator==(Scalar a, const Variable& b) { return eq(b, a); }
inline Tensor operator!=(Scalar a, const Variable& b) { return ne(b, a); }
inline Tensor operator<(Scalar a, const Variable& b) { return gt(b, a); }
inline Tensor operator<=(Scalar a, const Variable& b) { return ge(b, a); }
inline Tensor operator>(Scalar a, const Variable& b) { return lt(b, a); }
inline Tensor operator>=(Scalar a, const Variable& b) { return le(b, a); }

}  // namespace heed
