"""What the reading commands print: pages of text and tables, made of what the store says."""
