"""A club's page: who needs a coach first, and squads side by side."""
