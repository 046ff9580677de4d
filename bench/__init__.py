"""How fast thinktop is, as ratios taken within one run on one machine: `python -m bench`. No part of the package."""
