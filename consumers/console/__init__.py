"""The web console for people, and the upload API for the backend's frontend."""
