"""The guardrails of an organisation: policies that no account beneath it can leave."""
