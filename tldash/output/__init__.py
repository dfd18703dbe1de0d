"""Format a workspace as a brief, plain text or JSON, and session files as passages."""
