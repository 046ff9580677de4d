"""The command line itself: what is typed, what is said about it, and how a failure leaves the program."""
