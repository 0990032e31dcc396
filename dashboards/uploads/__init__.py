"""Films on their way in: sending them, saying who is in them, and watching how their analysis goes."""
