"""The palettes: commands and saved views."""
