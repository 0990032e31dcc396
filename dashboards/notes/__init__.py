"""Notes that coaches pin to frames, and what rowers say they felt; for a club's server only."""
