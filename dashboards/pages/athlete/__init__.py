"""An athlete's page: one rower's season."""
