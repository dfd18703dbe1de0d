"""Pure questions about a workspace: who needs attention, what comes next, how skills grow."""
