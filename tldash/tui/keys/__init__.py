"""Commands and the keys they are bound to."""
