"""The array types of the library, each declared once."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

AnyArray = NDArray[Any]
BoolArray = NDArray[np.bool_]
Int8Array = NDArray[np.int8]
Int32Array = NDArray[np.int32]
IntArray = NDArray[np.int64]
IndexArray = NDArray[np.intp]
UInt8Array = NDArray[np.uint8]
UInt64Array = NDArray[np.uint64]
Float32Array = NDArray[np.float32]
FloatArray = NDArray[np.float64]
# float32 or float64, as a ranker or a caller gives it.
RealArray = NDArray[np.floating]
StrArray = NDArray[np.str_]
