"""Which packages of a domain come from inside, and which from a public registry."""

from collections.abc import Mapping, Sequence

from aws_cdk import RemovalPolicy, Token
from aws_cdk import aws_codeartifact as codeartifact
from constructs import Construct

from pavedroad.arguments import Arguments

# The public registries that CodeArtifact connects to, and the format of their packages.
REGISTRIES: Mapping[str, str] = {
    "npmjs": "npm",
    "pypi": "pypi",
    "maven-central": "maven",
    "maven-googleandroid": "maven",
    "maven-gradleplugins": "maven",
    "maven-commonsware": "maven",
    "maven-clojars": "maven",
    "nuget-org": "nuget",
    "crates-io": "cargo",
    "ruby-gems-org": "ruby",
}
_PATTERN = r"/(npm|pypi|maven|nuget|cargo|ruby)/[^\s#]*[^\s#/*~$][^\s#]*[*~$]"
_PATTERN_IN_WORDS = "patterns of package groups, such as /npm/shop/* or /pypi//shop~"


def check_origins(arguments: Arguments, public_registry: str | None, internal_packages: Sequence[str]) -> None:
    """Refuse an unknown registry, and patterns that are malformed or of another format."""
    arguments.one_of("public_registry", public_registry, REGISTRIES)
    if internal_packages and public_registry is None:
        arguments.refuse("internal_packages", list(internal_packages), "needs public_registry: all are internal then")
    package_format = REGISTRIES.get(public_registry or "")
    for pattern in internal_packages:
        arguments.matches("internal_packages", pattern, _PATTERN, _PATTERN_IN_WORDS)
        if package_format and not Token.is_unresolved(pattern) and not pattern.startswith(f"/{package_format}/"):
            arguments.refuse(
                "internal_packages", pattern, f"must begin with /{package_format}/, the format of {public_registry}"
            )


def separate_origins(
    scope: Construct,
    *,
    package_format: str,
    internal_packages: Sequence[str],
    internal: codeartifact.CfnRepository,
    public: codeartifact.CfnRepository,
) -> list[codeartifact.CfnPackageGroup]:
    """Package groups by which internal names are never taken from outside, and public names never published.

    They are kept like the repositories: without them a public package could shadow an internal one.

    Source: https://docs.aws.amazon.com/codeartifact/latest/ug/package-group-origin-controls.html
    """
    blocked = _restriction("BLOCK")
    groups = [
        _group(
            scope,
            "PublicPackages",
            internal,
            pattern=f"/{package_format}/*",
            description="Public packages: taken from the public registry, never published",
            publish=blocked,
            external_upstream=_restriction("ALLOW_SPECIFIC_REPOSITORIES", public),
        )
    ]
    for number, pattern in enumerate(internal_packages):
        groups.append(
            _group(
                scope,
                f"InternalPackages{number}",
                internal,
                pattern=pattern,
                description="Internal packages: published, never taken from the public registry",
                publish=_restriction("ALLOW_SPECIFIC_REPOSITORIES", internal),
                external_upstream=blocked,
            )
        )
    return groups


def _group(
    scope: Construct,
    construct_id: str,
    repository: codeartifact.CfnRepository,
    *,
    pattern: str,
    description: str,
    publish: codeartifact.CfnPackageGroup.RestrictionTypeProperty,
    external_upstream: codeartifact.CfnPackageGroup.RestrictionTypeProperty,
) -> codeartifact.CfnPackageGroup:
    group = codeartifact.CfnPackageGroup(
        scope,
        construct_id,
        domain_name=repository.attr_domain_name,
        pattern=pattern,
        description=description,
        origin_configuration=codeartifact.CfnPackageGroup.OriginConfigurationProperty(
            restrictions=codeartifact.CfnPackageGroup.RestrictionsProperty(
                publish=publish, external_upstream=external_upstream, internal_upstream=_restriction("ALLOW")
            )
        ),
    )
    group.apply_removal_policy(RemovalPolicy.RETAIN)
    return group


def _restriction(
    mode: str, *repositories: codeartifact.CfnRepository
) -> codeartifact.CfnPackageGroup.RestrictionTypeProperty:
    return codeartifact.CfnPackageGroup.RestrictionTypeProperty(
        restriction_mode=mode, repositories=[each.attr_name for each in repositories] or None
    )
