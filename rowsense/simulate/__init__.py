"""A simulated rower with a known spine: motion, truth and pictures."""
