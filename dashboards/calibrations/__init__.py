"""A rower's own zero and range, as pages say it."""
