"""What screens are made of: state comes in, wishes go out as messages."""
