"""Read YAML: values, positions, and the items of a session."""
