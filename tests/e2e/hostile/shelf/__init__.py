"""A small program that is given every nasty value there is, and fails with it."""
