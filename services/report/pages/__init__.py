"""What the office sees: the login and the dashboard, server-rendered, working without JavaScript."""
