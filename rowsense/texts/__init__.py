"""What readers are told, by id and language: read from tables, checked when they are read."""
