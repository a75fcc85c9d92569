"""Words to scorecard."""
