"""The app and the controllers it owns."""
