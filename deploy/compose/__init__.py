"""The two jobs of the compose run."""
