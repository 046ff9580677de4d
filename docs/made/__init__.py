"""What of the documents is made by a program: pictures of the monitor, and tables of keys and numbers.

`make screenshots` makes them anew. No part of the package.
"""
