"""How a message leaves: one file per transport."""
