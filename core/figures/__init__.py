"""Figures as plain data, made from what the analysis found; a terminal and a page draw the same ones."""
