"""The bytes of a mail as what its writer said. Pure: nothing is fetched, nothing is run."""
