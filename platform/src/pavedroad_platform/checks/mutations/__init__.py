"""Proof that the checks would notice: every hardened property is weakened, one at a time."""
