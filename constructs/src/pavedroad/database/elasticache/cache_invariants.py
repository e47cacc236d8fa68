"""What stays true of a cache, whatever a mixin, an injector or an escape hatch does to it."""

from aws_cdk import aws_elasticache as elasticache
from constructs import Construct

from pavedroad.invariants import hold


def hold_cache(
    construct: Construct, resource: elasticache.CfnReplicationGroup | elasticache.CfnServerlessCache
) -> None:
    """Hold encryption at rest with a key and in transit, and that every connection logs in."""

    def encrypted() -> bool:
        at_rest = isinstance(resource, elasticache.CfnServerlessCache) or resource.at_rest_encryption_enabled is True
        return at_rest and bool(resource.kms_key_id)

    def over_tls_only() -> bool:
        return isinstance(resource, elasticache.CfnServerlessCache) or (
            resource.transit_encryption_enabled is True and resource.transit_encryption_mode == "required"
        )

    def authenticated() -> bool:
        if isinstance(resource, elasticache.CfnServerlessCache):
            return bool(resource.user_group_id)
        return bool(resource.user_group_ids)

    hold(
        construct,
        "Cache is encrypted at rest with a key; its encryption was switched off or its key removed",
        encrypted,
    )
    hold(construct, "Cache is reached over TLS only; its transit encryption was weakened", over_tls_only)
    hold(construct, "Cache knows its users; its user group was removed", authenticated)
