"""The wire: the last gate between Textual and the terminal.

Outwards, `driver.py` hands what Textual writes to a `Picture` of the screen (`picture.py`, pure), and an `Outlet`
(`outlet.py`, a thread) writes what the terminal still lacks, in the fewest bytes, whenever the line is free. Inwards,
`inlet.py` reads keys until the terminal is gone. `harmless.py` is the gate's other half, one layer up, where text and
Textual's own sequences can still be told apart.
"""
