"""Two seasons side by side: of one rower, or of two."""
