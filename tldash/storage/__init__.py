"""Open, write, walk and watch files. The only package that touches shared folders."""
