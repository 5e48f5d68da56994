"""Business modules; each brings its own backend."""
