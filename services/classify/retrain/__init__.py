"""Learning in the background: corrections -> artifact -> every replica, without a restart."""
