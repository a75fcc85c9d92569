"""What containers are asked and told: a probe for health checks, the bucket."""
