"""Strokes that were chosen for others to be held against: a rower's own, and the club's."""
