"""Where staff work: hub agents, partner officers, administrators. Views only, no models."""
