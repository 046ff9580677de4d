"""Talking to one server: what is sent, what each outcome means and may have cost, and how fast it may be asked."""
