"""Bytes of a picture to a scorecard, and on to PostgreSQL; knows no Redis and no settings."""

import os

# One upload has one core. With OpenMP's default Tesseract takes 4-6 times as long for a line, and
# OpenBLAS lets a second thread spin. Both have to be told before they are loaded.
for name in ("OMP_THREAD_LIMIT", "OPENBLAS_NUM_THREADS"):
    os.environ[name] = "1"
