"""A stand-in model behind a real OpenAI-compatible HTTP server on loopback: no key, no network, no money.

`settings` says how it behaves, `launch` runs it as a process of its own. What it knows of the problems it is asked is
its own business: nothing outside this package looks at a problem's difficulty.
"""
