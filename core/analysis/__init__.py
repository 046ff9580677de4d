"""Arrays in, numbers out: what the samples of a sweep say, and how sure one can be of it. No clock, disk or chance."""
