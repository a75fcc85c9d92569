"""What a long backlog and more replicas change."""
