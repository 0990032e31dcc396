"""The pages *Settings* and *Jobs*."""
