"""Jobs that the scheduler starts."""
