"""The widgets of the screens. They draw values and post messages."""
