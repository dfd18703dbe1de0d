"""Open, write and watch files. The only package that touches shared folders."""
