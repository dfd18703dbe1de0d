"""Themes, and text that is safe to show."""
