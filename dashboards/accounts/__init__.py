"""Signing in, and who sees what: the part of the web app that only a club's server has."""
