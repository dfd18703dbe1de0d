"""What people write in YAML: models, validation and JSON Schemas."""
