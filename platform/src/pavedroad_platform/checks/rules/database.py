"""Rules for database resources."""

from pavedroad_platform.checks.rules.rule import Rule

RULES: tuple[Rule, ...] = ()
