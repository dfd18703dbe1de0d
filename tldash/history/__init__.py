"""The journal of edits made on this machine, for undo."""
