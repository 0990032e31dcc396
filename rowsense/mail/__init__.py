"""Mail: plain words, sent through the club's own mail server."""
