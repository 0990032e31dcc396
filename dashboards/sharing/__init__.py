"""Links to one session: made, listed and taken back by who may share it, opened by whoever has one."""
