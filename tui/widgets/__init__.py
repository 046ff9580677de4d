"""What screens are made of. Widgets receive data and say what happened; none of them knows the store."""
