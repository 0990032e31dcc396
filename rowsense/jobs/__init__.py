"""Durable background work: the table says what there is to do, a runner gets it done (docs/jobs.md)."""
