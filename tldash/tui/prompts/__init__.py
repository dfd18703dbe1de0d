"""Turn typed words into edits and preview the lines they would write."""
