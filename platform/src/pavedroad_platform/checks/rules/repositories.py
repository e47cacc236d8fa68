"""Rules for repositories of images and packages."""

from collections.abc import Mapping

from pavedroad_platform.checks.rules.rule import Rule, equals, present
from pavedroad_platform.checks.rules.statements import conditions_everybody, names_actions

_IMAGES = "AWS::ECR::Repository"
_DOMAIN = "AWS::CodeArtifact::Domain"
_PACKAGES = "AWS::CodeArtifact::Repository"
_GROUP = "AWS::CodeArtifact::PackageGroup"
_RETENTION = "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-attribute-deletionpolicy.html"


def _names_or_conditions(statement: object) -> bool:
    """Everybody is trusted on a condition only."""
    trusted = statement.get("Principal") if isinstance(statement, Mapping) else None
    return trusted not in ("*", {"AWS": "*"}) or conditions_everybody(statement)


def _separates(restrictions: object) -> bool:
    """What is published is not fetched from outside, and what is fetched from outside is not published."""
    if not isinstance(restrictions, Mapping):
        return False
    modes = {restrictions.get(way, {}).get("RestrictionMode") for way in ("Publish", "ExternalUpstream")}
    return "BLOCK" in modes and modes <= {"BLOCK", "ALLOW_SPECIFIC_REPOSITORIES"}


RULES: tuple[Rule, ...] = (
    *(
        Rule(
            id=f"PavedRoad-{name}-1",
            resource_type=resource_type,
            place="DeletionPolicy",
            requires=equals("Retain"),
            message=f"loses {what} with the stack: set DeletionPolicy to Retain",
            source=_RETENTION,
        )
        for name, resource_type, what in (
            ("ECR", _IMAGES, "the images"),
            ("CodeArtifactDomain", _DOMAIN, "the packages"),
            ("CodeArtifact", _PACKAGES, "the packages"),
            ("CodeArtifactGroup", _GROUP, "what keeps public packages from shadowing internal ones"),
        )
    ),
    *(
        rule
        for name, resource_type, place in (
            ("ECR", _IMAGES, "RepositoryPolicyText"),
            ("CodeArtifactDomain", _DOMAIN, "PermissionsPolicyDocument"),
            ("CodeArtifact", _PACKAGES, "PermissionsPolicyDocument"),
        )
        for rule in (
            Rule(
                id=f"PavedRoad-{name}-2",
                resource_type=resource_type,
                place=f"{place}.Statement.*",
                requires=names_actions,
                message="allows every action: name the actions",
                source="AWS Well-Architected SEC03-BP02",
            ),
            Rule(
                id=f"PavedRoad-{name}-3",
                resource_type=resource_type,
                place=f"{place}.Statement.*",
                requires=_names_or_conditions,
                message="lets everybody in: name the principals, or set aws:PrincipalOrgID",
                source="AWS Well-Architected SEC03-BP07",
            ),
        )
    ),
    Rule(
        id="PavedRoad-ECR-4",
        resource_type=_IMAGES,
        place="EncryptionConfiguration.KmsKey",
        requires=present,
        message="encrypts with the key that AWS manages: name a customer managed key",
        source="AWS Security Hub ECR.5",
    ),
    Rule(
        id="PavedRoad-ECR-5",
        resource_type=_IMAGES,
        place="LifecyclePolicy.LifecyclePolicyText",
        requires=present,
        message="keeps images for ever, the vulnerable ones among them: set LifecyclePolicyText",
        source="AWS Security Hub ECR.3",
    ),
    Rule(
        id="PavedRoad-CodeArtifactDomain-4",
        resource_type=_DOMAIN,
        place="EncryptionKey",
        requires=present,
        message="encrypts with the key that AWS manages: name a customer managed key",
        source="NIST SP 800-53 SC-12",
    ),
    Rule(
        id="PavedRoad-CodeArtifactGroup-2",
        resource_type=_GROUP,
        place="OriginConfiguration.Restrictions",
        requires=_separates,
        message="lets a public package stand in for an internal one: set Publish or ExternalUpstream to BLOCK, and "
        "name the repositories of the other",
        source="https://docs.aws.amazon.com/codeartifact/latest/ug/package-group-origin-controls.html",
    ),
)
