"""Other people's results become runs: readers make neutral records of foreign bytes, one writer keeps them.

Nothing foreign is trusted: sizes are bounded by what was read and not by what a header says, nothing is unpacked to a
disk, nothing is executed, and a value of a wrong type is refused with its file, row and field. Nothing is kept of files
that are not understood to the end.
"""
