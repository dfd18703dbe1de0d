"""Read Markdown, YAML and task lines: bytes to values. Pure."""
