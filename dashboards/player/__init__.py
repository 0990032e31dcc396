"""What the player of a session needs: which film, what to draw on it, and where the faults are."""
