"""The viewer's own settings, identity, saved views, and what they last saw."""
