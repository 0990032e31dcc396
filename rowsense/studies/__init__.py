"""Studies: what was measured, and how the numbers in the data files were made."""
