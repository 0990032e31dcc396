"""What the ergometer's monitor recorded: attached to a session, shown stroke by stroke, taken off again."""
