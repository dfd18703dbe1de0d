"""Apply an edit to bytes: new bytes, verified, or a refusal. Pure."""
