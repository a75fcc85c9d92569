"""The backend's upload API: the routes that its frontend calls."""
