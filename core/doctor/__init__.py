"""What could keep a sweep from working, found before it starts. A file per subject; each check gives `Finding`s."""
