"""Runs our own rules on finished templates."""

from collections.abc import Sequence

from pavedroad_platform.checks.findings import Finding, FinishedTemplate
from pavedroad_platform.checks.rules import (
    compute,
    continuity,
    cost,
    database,
    database_clusters,
    delivery,
    dynamodb,
    elasticache,
    file_systems,
    functions,
    images,
    instances,
    keyspaces,
    kubernetes,
    messaging,
    network,
    observability,
    organization,
    repositories,
    scheduling,
    secrets,
    security,
    storage,
    websites,
)
from pavedroad_platform.checks.rules.rule import Rule

RULES: tuple[Rule, ...] = (
    *storage.RULES,
    *database.RULES,
    *compute.RULES,
    *network.RULES,
    *delivery.RULES,
    *security.RULES,
    *cost.RULES,
    *file_systems.RULES,
    *kubernetes.RULES,
    *dynamodb.RULES,
    *elasticache.RULES,
    *keyspaces.RULES,
    *database_clusters.RULES,
    *functions.RULES,
    *messaging.RULES,
    *observability.RULES,
    *scheduling.RULES,
    *instances.RULES,
    *continuity.RULES,
    *secrets.RULES,
    *repositories.RULES,
    *images.RULES,
    *websites.RULES,
    *organization.RULES,
)


class OwnRules:
    """Every rule of ours on every resource of its type."""

    name = "pavedroad"

    def __init__(self) -> None:
        self._by_type: dict[str, list[Rule]] = {}
        for rule in RULES:
            self._by_type.setdefault(rule.resource_type, []).append(rule)

    def run(self, templates: Sequence[FinishedTemplate]) -> list[Finding]:
        """The rules that are broken."""
        return [
            Finding(
                check=self.name,
                rule=rule.id,
                template=template.name,
                resource=logical_id,
                message=f"{rule.place} {rule.message} ({rule.source})",
            )
            for template in templates
            for logical_id, resource in template.resources.items()
            for rule in self._by_type.get(resource["Type"], [])
            if rule.is_broken_by(resource, template)
        ]
