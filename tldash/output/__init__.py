"""Turn a workspace into a brief, a report, JSON or passages to read."""
