"""Reading others' logs, writing ours for others. A file per format; none of them knows a screen."""
