"""Sessions on disk: written whole or not at all, read back without any analysis code."""
