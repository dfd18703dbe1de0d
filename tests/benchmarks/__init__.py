"""Benchmarks: scripts that print tables. Run them by hand on an otherwise idle machine."""
