"""What requests go through: the API, who may ask, and the figures and files behind API and pages."""
