"""Figures drawn in a terminal: plain data in, text out."""
