"""What the attached files say, as text: read in a process apart, so that no file can harm the service."""
