"""Themes, and the one place where text becomes visible."""
