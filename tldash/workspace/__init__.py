"""Build the workspace from file records and keep it in step with the disk."""
