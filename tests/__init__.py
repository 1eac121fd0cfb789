"""The suite; workers share the cores, so what computes takes one thread in each.

With a thread for each core in every worker, the threads of OpenMP wait for each other by spinning,
and training a model of a second takes half a minute.
"""

import os

for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):  # read when NumPy and scikit-learn load
    os.environ.setdefault(_name, "1")
