"""How a person starts, watches and reads runs: the command line, and what is drawn in a terminal."""
