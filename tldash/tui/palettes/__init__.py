"""The palettes: jump, commands and saved views."""
