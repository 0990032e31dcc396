"""The page that says who did what in a club."""
