"""One file per revision, oldest first. A published one is never changed."""
