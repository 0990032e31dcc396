"""Two sessions, or strokes of one against others, side by side."""
