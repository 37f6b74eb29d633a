"""Channel strips, sends and the exact sum of stems: the mixing desk."""
