"""Sparse matrices: rows of vectors transposed once, and products that are wanted dense."""

from typing import Any

import numpy as np
from scipy import sparse
from sklearn.utils.extmath import safe_sparse_dot

from matching.utils.array_types import Float32Array


def transpose_rows(vectors: sparse.csr_array) -> sparse.csr_array:
    """Return vectors of openings as one row a term."""
    return sparse.csr_array(vectors.T)


def dense_product(left: Any, right: Any) -> Float32Array:
    """Return the product of two sparse matrices of float32 as a dense one.

    Sums run over the columns of ``left`` in their stored order, as in scipy's own product. That
    one counts and lists the cells that are not zero first, which takes most of its time here.
    """
    found: Float32Array = safe_sparse_dot(
        left.astype(np.float32, copy=False), right.astype(np.float32, copy=False), dense_output=True
    )
    return found
