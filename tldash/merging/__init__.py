"""Three-way merges of Markdown and YAML files that match task items; pure: bytes to bytes."""
