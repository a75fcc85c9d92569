"""A rolling update under load: replicas of one version give way to replicas of another."""
