"""Numba on plain arrays: arithmetic only. Checks, names and units live with the callers."""
