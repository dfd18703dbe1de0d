"""Find and describe what people did between two workspaces."""
