"""numpy_dlpack.py LIBRARY: arrays of NumPy go to heed and tensors to NumPy by DLPack, without a copy.
Exits 77, which ctest calls skipped, where there is no NumPy with DLPack (1.23)."""
import ctypes
import gc
import sys
import weakref

try:
    import numpy as np
    np.from_dlpack
except (ImportError, AttributeError):
    print(f"skipped: {sys.executable} has no numpy with from_dlpack")
    sys.exit(77)

library = ctypes.CDLL(sys.argv[1])
library.heed_counted.restype = ctypes.c_void_p
library.heed_sum_and_increase.restype = ctypes.c_double
library.heed_sum_and_increase.argtypes = [ctypes.c_void_p, ctypes.POINTER(ctypes.c_bool)]
new_capsule = ctypes.pythonapi.PyCapsule_New
new_capsule.restype, new_capsule.argtypes = ctypes.py_object, [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_void_p]
pointer_of = ctypes.pythonapi.PyCapsule_GetPointer
pointer_of.restype, pointer_of.argtypes = ctypes.c_void_p, [ctypes.py_object, ctypes.c_char_p]
rename = ctypes.pythonapi.PyCapsule_SetName
rename.argtypes = [ctypes.py_object, ctypes.c_char_p]
NAME, USED = b"dltensor", b"used_dltensor"


class Counted:
    """A tensor of heed, as np.from_dlpack wants it."""

    def __dlpack__(self, stream=None):
        return new_capsule(library.heed_counted(), NAME, None)

    def __dlpack_device__(self):
        return 1, 0


def sum_and_increase(array):
    """heed's sum of the array, which it increases by 1; None where heed refuses it."""
    capsule = array.__dlpack__()
    refused = ctypes.c_bool()
    result = library.heed_sum_and_increase(pointer_of(capsule, NAME), refused)
    if refused:
        return None  # the capsule keeps what it holds, and deletes it
    rename(capsule, USED)
    return result


matrix = np.from_dlpack(Counted())
assert matrix.dtype == np.float64 and matrix.strides == (8, 32), matrix
assert matrix.tolist() == [[0, 4, 8], [1, 5, 9], [2, 6, 10], [3, 7, 11]], matrix
del matrix

for dtype in (np.float32, np.float64, np.int64):
    array = np.arange(10, dtype=dtype)[1::2]
    assert sum_and_increase(array) == 25, dtype
    assert array.tolist() == [2, 4, 6, 8, 10], array
assert sum_and_increase(np.arange(3, dtype=np.float16)) is None
assert sum_and_increase(np.arange(3, dtype=np.float32)[::-1]) is None
assert sum_and_increase(np.array(2.0)) == 2

owner = type("Array", (np.ndarray,), {})(3)  # a class of its own, since plain arrays take no weak references
gone = weakref.ref(owner)
sum_and_increase(owner)
del owner
gc.collect()
assert gone() is None, "heed still holds the array"
print("NumPy", np.__version__)
