"""What makes the constructs a platform: organisation, catalogue, guardrails, sandbox, reports and the command."""
