"""Starting, watching and steering runs: what stands behind the commands that spend or wish."""
