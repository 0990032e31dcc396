"""What the API tells: each answer once, for the code and for the document."""
