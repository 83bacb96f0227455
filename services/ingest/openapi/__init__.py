"""The document of everything ingest serves for programs (OpenAPI 3.1), held equal to the routes by a test."""
