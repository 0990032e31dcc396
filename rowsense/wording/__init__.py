"""Findings as sentences, in a language: for who keeps them with a session and for who shows them."""
