"""What requests of readers go through: who may ask, the API, the pages."""
