"""What each screen shows, as frozen records, and the readings of the store that they are made of."""
