"""`python -m tui` is `thinktop`."""

from tui.commands import main

if __name__ == "__main__":
    raise SystemExit(main())
