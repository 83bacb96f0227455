"""The four services. Each learns only from the bus; none imports another."""
