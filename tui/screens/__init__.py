"""The monitor's screens: each names what it reads, shows what was read, and turns keys into wishes."""
