"""The process that spends: asks what is owed, keeps what it paid for, and obeys wishes. It knows no screen."""
